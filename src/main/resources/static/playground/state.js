// What a person can set, and how it is written into the address.

import {round} from "./geometry.js";

export const KINDS = ["lp", "qp", "integer"];
export const METHODS = ["lpgd", "implicit", "identity", "blackbox"];
export const ENVELOPES = ["average", "lower", "upper"];
export const TAU = {least: 1e-3, most: 1e2};
export const RHO = {least: 0, most: 3};
export const ROWS_AT_MOST = 8;
export const REACH = 9; // of a handle, in units of x

const row = (x, y, angle) => ({at: [x, y], angle});

const HOUSE = [row(2.4, -0.2, 8), row(1.5, 1.55, 52), row(-0.7, 2, 105), row(-2.2, 0.1, 176), row(0.3, -1.8, 274)];

const START = {
    kind: "lp", c: [-1, -0.45], g: [0.4, 1], rows: HOUSE, tau: 1, auto: false, rho: 0, envelope: "average", method: "lpgd"
};

/** Settings that show one thing each. */
export const PRESETS = [
    {
        id: "lp", name: "LP: LPGD", changes: {},
        says: "A corner solves a linear program, and goes on solving it while c turns a little. LPGD turns c as far as τ says, and sees which corner is next."
    },
    {
        id: "zero", name: "LP: exact gradient is zero", changes: {method: "implicit"},
        says: "The same program, differentiated exactly: the corner stays when c turns a little, so there is nothing to learn from. Now choose LPGD."
    },
    {
        id: "qp", name: "QP: LPGD is exact for small τ", changes: {kind: "qp", tau: 0.01, c: [-0.9, -0.5], g: [0.5, 0.9]},
        says: "This solution moves smoothly, and for small τ LPGD is the exact derivative (dashed in the chart). Slide τ up, and it feels constraints further away."
    },
    {
        id: "integer", name: "Integer points", changes: {kind: "integer", tau: 1.5},
        says: "Only lattice points count. There is no useful derivative, but the solver can be asked again with another cost, and LPGD needs nothing else."
    },
    {
        id: "proximal", name: "ρ keeps x near", changes: {rho: 0.6, tau: 2, envelope: "lower"},
        says: "ρ/2 ‖x − x*‖² in the perturbed program: instead of jumping from corner to corner, the solution slides along the edges as τ grows."
    },
    {
        id: "one-sided", name: "One side fails",
        changes: {rows: [row(-1.9, 0.9, 184), row(-0.9, -0.8, 225), row(0.9, -1.5, 266)], c: [0.8, 0.65], g: [0.1, 1.2], tau: 20},
        says: "The region is open. At c − τg the cost falls without end, so the upper side has no solution, and the lower side is used alone."
    },
    {
        id: "infeasible", name: "Infeasible", changes: {rows: [row(1.1, -0.8, 186), row(-1.3, 1.1, -6), row(0.4, -1.7, 270), row(0.2, 2, 90)]},
        says: "Two half-planes that exclude each other. Drag one of them back over the other."
    },
    {
        id: "unbounded", name: "Unbounded", changes: {rows: [row(-1.6, 0.2, 180), row(0.2, -1.5, 268)]},
        says: "The region is open in the direction in which the cost falls. Turn c around, or add a half-plane."
    }
];

/** A fresh copy of the state of a preset. */
export const preset = id => structuredClone({...START, ...PRESETS.find(one => one.id === id).changes});

/** Which settings the method listens to. */
export const listens = state => ({
    tau: state.method === "lpgd" || state.method === "blackbox",
    rho: state.method === "lpgd",
    envelope: state.method === "lpgd"
});

/** The envelope whose solves are made, or null where no perturbed program is solved. */
export function side(state) {
    return state.method === "lpgd" ? state.envelope : state.method === "blackbox" ? "lower" : null;
}

/** The fragment that names this state. */
export function encode(state) {
    const rows = state.rows.map(one => [...one.at, one.angle].join(",")).join(";");
    return `#kind=${state.kind}&c=${state.c.join(",")}&g=${state.g.join(",")}&rows=${rows}`
        + `&tau=${state.auto ? "auto" : state.tau}&rho=${state.rho}&envelope=${state.envelope}&method=${state.method}`;
}

/** Reads a fragment: the state, and the names of the parts that say nothing sensible and were left at their defaults. */
export function decode(fragment) {
    const state = preset("lp");
    const ignored = [];
    for (const [name, text] of new URLSearchParams(fragment.replace(/^#/, ""))) {
        const read = READERS[name]?.(text);
        if (read) {
            Object.assign(state, read);
        } else {
            ignored.push(name);
        }
    }
    return {state, ignored};
}

const oneOf = (name, names) => text => names.includes(text) ? {[name]: text} : null;

function numbers(text, count) {
    const parts = text.split(",");
    const values = parts.map(Number);
    const fine = parts.length === count && parts.every(part => part.trim() !== "") && values.every(Number.isFinite);
    return fine ? values : null;
}

function vector(name) {
    return text => {
        const values = numbers(text, 2);
        return values && values.every(v => Math.abs(v) <= REACH) ? {[name]: values.map(v => round(v, 2))} : null;
    };
}

function between(name, {least, most}) {
    return text => {
        const value = text.trim() === "" ? NaN : Number(text);
        return value >= least && value <= most ? {[name]: value} : null;
    };
}

function rows(text) {
    const parts = text === "" ? [] : text.split(";");
    const read = parts.map(part => numbers(part, 3));
    const fine = read.length <= ROWS_AT_MOST && read.every(v => v && Math.abs(v[0]) <= REACH && Math.abs(v[1]) <= REACH);
    return fine ? {rows: read.map(([x, y, angle]) => row(round(x, 2), round(y, 2), Math.round(angle) % 360))} : null;
}

const READERS = {
    kind: oneOf("kind", KINDS),
    c: vector("c"),
    g: vector("g"),
    rows,
    tau: text => text === "auto" ? {auto: true} : between("tau", TAU)(text),
    rho: between("rho", RHO),
    envelope: oneOf("envelope", ENVELOPES),
    method: oneOf("method", METHODS)
};
