// From the state to what is sent: the bodies of POST /solve and POST /lpgd-backward.

import {normal, offset, plus} from "./geometry.js";
import {TAU} from "./state.js";

export const CURVATURE = [[0.6, 0.2], [0.2, 0.4]]; // P of the quadratic program

/** The program, with the fields of the contract. */
export function problem(state) {
    return {
        ...(state.kind === "qp" && {P: CURVATURE}),
        c: state.c,
        ...(state.rows.length > 0 && {G: state.rows.map(normal), h: state.rows.map(offset)}),
        ...(state.kind === "integer" && {integers: [0, 1]})
    };
}

export const solveRequest = state => ({problem: problem(state), retain: false});

/** What the method is told, and nothing it would refuse. */
export function settings(state) {
    const tau = state.auto ? "auto" : state.tau;
    switch (state.method) {
        case "lpgd": return {method: "lpgd", tau, rho: state.rho, envelope: state.envelope};
        case "blackbox": return {method: "blackbox", lambda: tau};
        default: return {method: state.method};
    }
}

/** The backward pass for a solution, which is sent along: so the request means the same tomorrow. */
export function backwardRequest(state, solution) {
    return {
        solve: {problem: problem(state), solution},
        gradient: {x: state.g},
        ...settings(state),
        return: ["solutions"]
    };
}

/** The exact derivative by c, to compare with. */
export function exactRequest(state, solution) {
    return {solve: {problem: problem(state), solution}, gradient: {x: state.g}, method: "implicit", wrt: ["c"]};
}

/** The values of tau of which the path is made; integer programs are solved one by one, so they get fewer. */
export function taus(state) {
    const count = state.kind === "integer" ? 26 : 101;
    const ratio = TAU.most / TAU.least;
    return Array.from({length: count}, (_, k) => TAU.least * ratio ** (k / (count - 1)));
}

/**
 * The perturbed programs of all taus, the lower side's and then the upper side's, as one batch: the cost is
 * c + tau g or c - tau g, and rho/2 ||x - x*||^2 adds rho I to P and -rho x* to the cost.
 */
export function pathRequest(state, x) {
    const base = problem(state);
    const near = plus([0, 0], x, -state.rho);
    const costs = [1, -1].flatMap(sign => taus(state).map(tau => plus(plus(state.c, state.g, sign * tau), near)));
    const P = base.P ?? [[0, 0], [0, 0]];
    const nearer = P.map((entries, i) => entries.map((entry, j) => entry + (i === j ? state.rho : 0)));
    return {problem: {...base, ...((base.P || state.rho > 0) && {P: nearer}), c: costs}, retain: false};
}

/** JSON for people: what fits stays on one line. */
export function pretty(value, indent = "") {
    const flat = inline(value);
    if (flat.length + indent.length <= 66 || typeof value !== "object" || value === null) {
        return flat;
    }
    const deeper = indent + "  ";
    if (Array.isArray(value)) {
        return `[\n${value.map(one => deeper + pretty(one, deeper)).join(",\n")}\n${indent}]`;
    }
    const members = Object.entries(value).map(([key, one]) => `${deeper}${JSON.stringify(key)}: ${pretty(one, deeper)}`);
    return `{\n${members.join(",\n")}\n${indent}}`;
}

function inline(value) {
    if (Array.isArray(value)) {
        return `[${value.map(inline).join(", ")}]`;
    }
    if (value !== null && typeof value === "object") {
        return `{${Object.entries(value).map(([key, one]) => `${JSON.stringify(key)}: ${inline(one)}`).join(", ")}}`;
    }
    return JSON.stringify(value);
}
