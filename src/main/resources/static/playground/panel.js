// The numbers of an answer, and the requests as text.

import {normal, offset, dot} from "./geometry.js";
import {backwardRequest, pretty, solveRequest} from "./requests.js";
import {numpy, pytorch} from "./snippets.js";
import {number, tuple} from "./words.js";

const at = id => document.getElementById(id);

/** Shows a value for people, and the whole of it to whoever reads the page by program. */
function show(id, value, written) {
    at(id).textContent = written;
    at(id).dataset.value = JSON.stringify(value ?? null);
}

export function showNumbers(answer) {
    const {state, solve, backward} = answer;
    const gradients = backward?.gradients ?? {};
    const diagnostics = backward?.diagnostics ?? {};
    show("x-star", solve.x, tuple(solve.x));
    show("loss", solve.x && dot(state.g, solve.x), number(solve.x && dot(state.g, solve.x)));
    for (const side of ["lower", "upper"]) {
        const x = backward?.solutions?.[side]?.x;
        show(`x-${side}`, x, tuple(x));
    }
    show("grad-c", gradients.c, tuple(gradients.c, 3));
    at("grad-P-row").hidden = state.kind !== "qp";
    show("grad-P", gradients.P, gradients.P ? gradients.P.map(row => tuple(row)).join(" ") : "–");
    show("status", backward?.status, backward?.status ?? "–");
    show("degenerate", diagnostics.degenerate, {true: "yes", false: "no"}[diagnostics.degenerate] ?? "–");
    for (const [id, value] of Object.entries({displacement: diagnostics.displacement, noise: diagnostics.noise, "tau-used": diagnostics.tau})) {
        show(id, value, number(value));
    }
}

/** One row of the table for each half-plane; `remove(k)` is what its button does. */
export function showRows(state, answer, remove) {
    const fits = answer?.state.rows.length === state.rows.length;
    const of = (values, k, write) => fits && values ? write(values[k]) : "–";
    const gradients = answer?.backward?.gradients ?? {};
    at("rows").replaceChildren(...state.rows.map((row, k) => {
        const line = document.createElement("tr");
        const cells = [
            String(k + 1), tuple(normal(row)), number(offset(row), 2), of(answer?.solve.z, k, number),
            of(gradients.h, k, number), of(gradients.G, k, values => tuple(values))
        ];
        line.append(...cells.map((text, column) => {
            const cell = document.createElement(column === 0 ? "th" : "td");
            cell.textContent = text;
            return cell;
        }));
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = "×";
        button.setAttribute("aria-label", `Remove half-plane ${k + 1}`);
        button.addEventListener("click", () => remove(k));
        line.append(document.createElement("td"));
        line.lastChild.append(button);
        return line;
    }));
}

export function showCode(state, answer) {
    at("code-solve").textContent = `POST /solve\n\n${pretty(solveRequest(state))}`;
    at("code-numpy").textContent = numpy(state, location.origin);
    at("code-torch").textContent = pytorch(state, location.origin);
    at("code-backward").textContent = answer?.solution
        ? `POST /lpgd-backward\n\n${pretty(backwardRequest(answer.state, answer.solution))}`
        : "There is no solution, so there is nothing to send.";
}

/** Tabs as the ARIA practices have them, and the button that copies what is shown. */
export function startTabs(shown) {
    const tabs = [...document.querySelectorAll("[role=tab]")];
    const panel = tab => at(tab.getAttribute("aria-controls"));
    const choose = chosen => tabs.forEach(tab => {
        tab.setAttribute("aria-selected", String(tab === chosen));
        tab.tabIndex = tab === chosen ? 0 : -1;
        panel(tab).hidden = tab !== chosen;
    });
    tabs.forEach((tab, k) => {
        tab.addEventListener("click", () => choose(tab));
        tab.addEventListener("keydown", event => {
            const next = {ArrowRight: k + 1, ArrowLeft: k - 1}[event.key];
            if (next !== undefined) {
                const to = tabs.at(next % tabs.length);
                choose(to);
                to.focus();
            }
        });
    });
    choose(at(shown));
    at("copy").addEventListener("click", () => copy(panel(tabs.find(tab => tab.getAttribute("aria-selected") === "true"))));
}

/** The clipboard is there for secure origins only; elsewhere the text is selected, and the old command tried. */
async function copy(block) {
    const text = block.textContent.replace(/^POST .*\n\n/, "");
    let done;
    if (navigator.clipboard) {
        done = await navigator.clipboard.writeText(text).then(() => true, () => false);
    } else {
        getSelection().selectAllChildren(block);
        done = document.execCommand("copy");
    }
    at("copy").textContent = done ? "Copied" : "Not copied";
    setTimeout(() => at("copy").textContent = "Copy", 1500);
}
