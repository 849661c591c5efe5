// What happened, in words.

import {Refusal} from "./service.js";
import {length} from "./geometry.js";
import {side} from "./state.js";

const SOLVE = {
    infeasible: "Infeasible: no point satisfies all constraints, and the service has checked a proof of it. There is no x*, so there is nothing to differentiate. Move a half-plane.",
    unbounded: "Unbounded: the cost falls without end inside the region, and the service has checked a ray along which it does. There is no x*. Turn c, or add a half-plane.",
    feasible: "A limit was hit: x* is feasible, but perhaps not optimal.",
    "time-limit": "The time limit was hit before a point was found.",
    "iteration-limit": "The iteration limit was hit before a point was found.",
    "numerical-error": "Numerical error: what the solver answered did not pass the service's check."
};

const BACKWARD = {
    "solver-failed": "Solver failed: the perturbed programs have no solution, with τ, τ/2, τ/4 and τ/8 alike. The gradient is zero and should not be learned from. Try a smaller τ, the other envelope, or ρ > 0.",
    "forward-failed": "There is no solution to differentiate: the gradient is zero."
};

/** A number for people. */
export function number(value, digits = 3) {
    if (value === null || value === undefined) {
        return "–";
    }
    const size = Math.abs(value);
    if (size !== 0 && (size < 0.5 * 10 ** -digits || size >= 1e5)) {
        const [mantissa, exponent] = value.toExponential(1).split("e");
        return size < 1e-12 ? "0" : `${mantissa.replace("-", "−")}e${exponent.replace("+", "").replace("-", "−")}`;
    }
    return value.toFixed(digits).replace(/^-(0\.?0*)$/, "$1").replace("-", "−");
}

export const tuple = (values, digits = 2) => values ? `(${values.map(v => number(v, digits)).join(", ")})` : "–";

/** An error of the service or of the way to it. */
export function trouble(error) {
    if (error instanceof Refusal) {
        const what = error.status === 422 || error.status === 400 ? "The service refuses this" : `The service answers ${error.status}`;
        return `${what}: ${error.message}`;
    }
    return error.name === "TimeoutError" ? "The service did not answer in time." : `The service cannot be reached (${error.message}).`;
}

/** The line below the picture: {text, tone}. */
export function story(state, answer) {
    if (answer.solve.status !== "optimal") {
        return {text: SOLVE[answer.solve.status] ?? `The solve ended with status ${answer.solve.status}.`, tone: "bad"};
    }
    if (answer.error) {
        return {text: trouble(answer.error), tone: "bad"};
    }
    const {status, diagnostics} = answer.backward;
    if (BACKWARD[status]) {
        return {text: BACKWARD[status], tone: "bad"};
    }
    const parts = [];
    if (status === "one-sided") {
        const failed = answer.backward.solutions.lower?.x ? "upper (−τ)" : "lower (+τ)";
        parts.push(`One-sided: the ${failed} side has no solution, so the other one is used alone.`);
    }
    if (diagnostics.tau !== null && !state.auto && diagnostics.tau < state.tau) {
        parts.push(`τ was halved to ${number(diagnostics.tau)} until a perturbed program had a solution.`);
    }
    parts.push(moved(state, answer.backward));
    parts.push(degenerate(state, diagnostics.degenerate));
    return {text: parts.filter(Boolean).join(" "), tone: status === "ok" ? "good" : "fair"};
}

/** Which envelope the gradient is of, now that it is known which sides have a solution. */
function used(state, solutions) {
    const wanted = side(state);
    return wanted !== "average" || (solutions.lower?.x && solutions.upper?.x) ? wanted : solutions.lower?.x ? "lower" : "upper";
}

function moved(state, {diagnostics, gradients, solutions}) {
    if (state.method === "identity") {
        return "The solver is taken for the negative identity: ∂ℓ/∂c = −g, whatever the constraints.";
    }
    if (state.method === "implicit") {
        return length(gradients.c) < 1e-9 ? "The exact derivative says: x* stays where it is." : "This is the exact derivative at x*.";
    }
    if (diagnostics.displacement < 1e-9) {
        return "τ is too small to move the solution, so the gradient by c is zero. Make τ larger.";
    }
    const signs = {lower: "c + τg", upper: "c − τg", average: "c + τg and c − τg"}[used(state, solutions)];
    return `Solved again at ${signs}; what x moved, over τ, is the gradient.`;
}

function degenerate(state, flag) {
    if (!flag || state.method === "identity") {
        return "";
    }
    return state.kind === "integer"
        ? "Degenerate: an integer solution jumps, so the exact derivative is zero or does not exist."
        : "Degenerate: the exact derivative vanishes or is not unique here.";
}
