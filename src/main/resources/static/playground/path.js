// The way of the solution as tau grows: in the picture, and as the length of the gradient over tau.

import {length, plus} from "./geometry.js";
import {side, TAU} from "./state.js";
import {make, points} from "./svg.js";

/** The solutions of one side in the order of tau: x, or null where there is none. */
function sideOf(path, sign) {
    return sign > 0 ? path.x.slice(0, path.taus.length) : path.x.slice(path.taus.length);
}

/** Both ways from x*, strong up to the tau of the answer and faint beyond it. */
export function trail(view, state, answer, path) {
    const used = answer?.backward?.diagnostics.tau;
    const which = side(state);
    if (!path || !which || !answer.solve.x || !used) {
        return [];
    }
    const jumps = state.kind === "integer" || (state.kind === "lp" && state.rho === 0);
    const sides = [["lower", 1], ["upper", -1]].filter(([name]) => which === name || which === "average");
    return sides.flatMap(([name, sign]) => {
        const stations = sideOf(path, sign).map((x, k) => ({tau: path.taus[k], x}));
        const reached = answer.backward.solutions?.[name]?.x ?? null;
        const here = {tau: used, x: reached};
        const before = [{tau: 0, x: answer.solve.x}, ...stations.filter(one => one.tau < used), here];
        const beyond = [here, ...stations.filter(one => one.tau > used)];
        const kind = jumps ? "trail jumps" : "trail";
        return [...strands(view, beyond, `${kind} beyond`), ...strands(view, before, kind)];
    });
}

/** Lines through the stations, interrupted where one is missing. */
function strands(view, stations, kind) {
    const runs = [[]];
    for (const {x} of stations) {
        if (x === null) {
            runs.push([]);
        } else {
            runs.at(-1).push(view.toPixels(x));
        }
    }
    return runs.filter(run => run.length > 1).map(run => make("polyline", {class: kind, points: points(run)}));
}

/** The gradient by c at each tau, or null, from the solutions of the path; of an average's sides one alone will do. */
function gradients(state, x, path) {
    const [lower, upper] = [sideOf(path, 1), sideOf(path, -1)];
    return path.taus.map((tau, k) => {
        const late = side(state) === "upper" ? null : lower[k];
        const early = side(state) === "lower" ? null : upper[k];
        const steps = late && early ? 2 : 1;
        return late || early ? plus([0, 0], plus(late ?? x, early ?? x, -1), 1 / (steps * tau)) : null;
    });
}

/** Draws the length of the gradient over log tau; `exact` is dashed. Returns the description of the chart. */
export function chart(svg, state, answer, path) {
    const {width, height} = svg.getBoundingClientRect();
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const values = gradients(state, answer.solve.x, path).map(one => one && length(one));
    const exact = path.exact && length(path.exact);
    const top = 1.15 * Math.max(1e-9, exact ?? 0, ...values.filter(value => value !== null));
    const [low, high] = [height - 6, 8];
    const across = tau => 8 + (width - 16) * Math.log(tau / TAU.least) / Math.log(TAU.most / TAU.least);
    const up = value => low - (low - high) * value / top;
    const stations = values.map((value, k) => ({x: value === null ? null : [across(path.taus[k]), up(value)]}));
    const tau = answer.backward?.diagnostics.tau;
    const now = answer.backward && length(answer.backward.gradients.c);
    svg.replaceChildren(
        make("line", {class: "floor", x1: 8, x2: width - 8, y1: low, y2: low}),
        ...(exact === null || exact === undefined ? [] : [make("line", {class: "exact", x1: 8, x2: width - 8, y1: up(exact), y2: up(exact)})]),
        ...strands({toPixels: place => place}, stations, "curve"),
        ...(tau ? [make("circle", {class: "now", cx: across(tau), cy: up(Math.min(now, top)), r: 5})] : [])
    );
    return exact;
}
