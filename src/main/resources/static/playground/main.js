// Holds the state, asks the service about it, and has everything shown.

import {length, plus, round} from "./geometry.js";
import {chart} from "./path.js";
import {showCode, showNumbers, showRows, startTabs} from "./panel.js";
import {draw} from "./picture.js";
import {backwardRequest, exactRequest, pathRequest, solveRequest, taus} from "./requests.js";
import {Newest, post, Refusal, useKey} from "./service.js";
import {Stage} from "./stage.js";
import {decode, encode, listens, preset, PRESETS, ROWS_AT_MOST, side} from "./state.js";
import {View} from "./view.js";
import {number, story, trouble} from "./words.js";

const STRIDE = 0.2; // of a step against the gradient

const at = id => document.getElementById(id);
const layers = {ground: at("ground"), front: at("front")};
const view = new View(at("plane"));

let state;
let answer = null; // of the newest state that was answered
let path = null;
let planned = 0; // the next frame, if one is ordered
let written = 0; // when the address is brought up to date

const store = {get state() { return state; }, get answer() { return answer; }, change};
const stage = new Stage(at("handles"), view, store);

// ---- asking ----

async function ask(wish, signal) {
    const solve = await post("/solve", solveRequest(wish), signal);
    if (solve.status !== "optimal") {
        return {state: wish, solve, solution: null, backward: null, error: null};
    }
    const solution = {x: solve.x, z: solve.z};
    try {
        const backward = await post("/lpgd-backward", backwardRequest(wish, solution), signal);
        return {state: wish, solve, solution, backward, error: null};
    } catch (error) {
        if (!(error instanceof Refusal)) {
            throw error;
        }
        return {state: wish, solve, solution, backward: null, error};
    }
}

/** The whole path of a solved state in one request, and the exact derivative beside it. */
async function askPath({state: wish, solution}, signal) {
    const exact = wish.kind === "integer" ? null : post("/lpgd-backward", exactRequest(wish, solution), signal);
    const [solved, derivative] = await Promise.all([post("/solve", pathRequest(wish, solution.x), signal), exact]);
    return {key: keyOf(wish), taus: taus(wish), x: solved.x, exact: derivative?.gradients.c ?? null};
}

/** What a path depends on: neither tau nor the envelope. */
const keyOf = ({kind, c, g, rows, rho}) => JSON.stringify([kind, c, g, rows, rho]);

const answers = new Newest(ask, (wish, got, error) => {
    answer = got;
    if (error instanceof Refusal && error.status === 401) {
        at("ask-key").hidden = false;
    }
    if (error) {
        at("story").textContent = trouble(error);
        at("story").dataset.tone = "bad";
    } else {
        tell(got);
        if (got.solution && side(wish) && path?.key !== keyOf(wish)) {
            paths.ask(got);
        }
    }
    plan();
});

const paths = new Newest(askPath, (wish, got) => {
    path = got; // an error of this one is told by the answers' own
    plan();
}, 100);

function tell(got) {
    const {text, tone} = story(got.state, got);
    at("story").textContent = text;
    at("story").dataset.tone = tone;
    showNumbers(got);
}

// ---- showing ----

function plan() {
    planned ||= requestAnimationFrame(() => {
        planned = 0;
        show();
    });
}

function show() {
    const current = path?.key === keyOf(state) && answer?.solution ? path : null;
    draw(view, layers, state, answer, current);
    stage.put();
    showRows(state, answer, k => change({rows: state.rows.filter((_, i) => i !== k)}));
    showCode(state, answer);
    showChart(current);
    const gradient = answer?.backward?.gradients.c;
    at("descend").disabled = !gradient || length(gradient) < 1e-9;
    at("main").dataset.state = answers.settled && paths.settled ? "answered" : "asking";
}

function showChart(current) {
    if (current && side(state) && answer.backward) {
        const exact = chart(at("chart"), state, answer, current);
        at("exact-key").hidden = exact === null;
    } else if (!answer?.solution || !side(state)) { // while one is under way, the last one stays
        at("chart").replaceChildren();
    }
}

function showControls() {
    for (const name of ["kind", "method", "envelope"]) {
        document.querySelector(`input[name=${name}][value=${state[name]}]`).checked = true;
    }
    const heard = listens(state);
    at("envelope").disabled = !heard.envelope;
    at("tau-set").disabled = !heard.tau;
    at("rho-set").disabled = !heard.rho;
    at("tau").disabled = state.auto;
    at("auto").checked = state.auto;
    at("tau").value = Math.log10(state.tau);
    at("tau-value").textContent = state.auto ? "auto" : String(state.tau);
    at("tau").setAttribute("aria-valuetext", String(state.tau));
    at("rho").value = state.rho;
    at("rho-value").textContent = number(state.rho, 2);
    at("add-row").disabled = state.rows.length >= ROWS_AT_MOST;
    for (const button of at("presets").children) {
        button.setAttribute("aria-pressed", String(encode(preset(button.dataset.preset)) === encode(state)));
    }
}

// ---- changing ----

function change(changes) {
    state = {...state, ...changes};
    at("main").dataset.state = "asking";
    showControls();
    plan();
    answers.ask(state);
    clearTimeout(written);
    written = setTimeout(() => history.replaceState(null, "", encode(state)), 250);
}

function choosePreset({id, says}) {
    at("preset-note").textContent = says;
    change(preset(id));
}

/** Takes over what the address says, or begins with the first preset. */
function readAddress() {
    const {state: read, ignored} = decode(location.hash);
    if (ignored.length > 0) {
        at("preset-note").textContent = `The address says nothing sensible about ${ignored.join(", ")}: left as usual.`;
    } else {
        at("preset-note").textContent = PRESETS.find(one => encode(preset(one.id)) === encode(read))?.says ?? "";
    }
    change(read);
}

function start() {
    for (const one of PRESETS) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = one.name;
        button.dataset.preset = one.id;
        button.addEventListener("click", () => choosePreset(one));
        at("presets").append(button);
    }
    at("controls").addEventListener("change", ({target}) => {
        if (target.type === "radio") {
            change({[target.name]: target.value});
        }
    });
    at("controls").addEventListener("submit", event => event.preventDefault());
    at("ask-key").addEventListener("submit", event => {
        event.preventDefault();
        useKey(at("key").value);
        at("ask-key").hidden = true; // until it is refused
        change({});
    });
    at("tau").addEventListener("input", ({target}) => change({tau: Number((10 ** target.value).toPrecision(3))}));
    at("auto").addEventListener("change", ({target}) => change({auto: target.checked}));
    at("rho").addEventListener("input", ({target}) => change({rho: Number(target.value)}));
    at("add-row").addEventListener("click", () => change({rows: [...state.rows, {at: [1, 0.8], angle: 40}]}));
    at("descend").addEventListener("click", () => {
        const gradient = answer.backward.gradients.c;
        change({c: plus(state.c, gradient, -STRIDE / length(gradient)).map(v => round(v, 2))});
    });
    new ResizeObserver(() => view.measure() && plan()).observe(at("plane"));
    window.addEventListener("hashchange", () => location.hash !== encode(state) && readAddress());
    startTabs("tab-backward");
    readAddress();
    showCode(state, answer); // at once: it does not need the service
}

start();
