// Draws the program, its solutions and its arrows. Everything but the handles is drawn anew each time.

import {length, line, normal, offset, plus, region, roundLevels, straightLevels} from "./geometry.js";
import {place} from "./labels.js";
import {CURVATURE} from "./requests.js";
import {side} from "./state.js";
import {trail} from "./path.js";
import {arrow, caption, low, make, plain, points, variable, widthOf} from "./svg.js";

const MARGIN = 16; // pixels at the rim that handles and arrows keep free
const LONGEST = 2.6; // of a drawn gradient, in units
export const STUB = 0.85; // length of a row's arrow, in units

const SUB = {lower: "+τ", upper: "−τ"};

/** Where the upstream gradient hangs: at x*, if that is in sight. */
export function anchor(view, answer) {
    const x = answer?.solve.x;
    return x && view.sees(x, MARGIN) ? x : [0, 0];
}

/** Where a row's arrow ends. */
export const stub = row => plus(row.at, normal(row), STUB);

/** Draws into the layers {ground, front}. */
export function draw(view, layers, state, answer, path) {
    const scene = new Scene(view, state, answer, path);
    layers.ground.replaceChildren(...scene.ground());
    layers.front.replaceChildren(...scene.front());
}

class Scene {
    #strokes = [];
    #discs = [];
    #labels = [];

    constructor(view, state, answer, path) {
        Object.assign(this, {view, state, answer, path, px: view.toPixels, x: answer?.solve.x ?? null});
        this.corners = region(state.rows).map(this.px);
    }

    ground() {
        const shape = make("polygon", {points: points(this.corners)});
        return [
            make("defs", {}, make("clipPath", {id: "inside"}, shape)),
            ...this.#axes(),
            make("polygon", {class: "region", points: points(this.corners)}),
            make("g", {class: "levels faint"}, ...this.#levels()),
            make("g", {class: "levels", "clip-path": "url(#inside)"}, ...this.#levels()),
            ...this.#lattice(),
            ...this.state.rows.flatMap((row, k) => this.#row(row, k))
        ];
    }

    front() {
        return [...trail(this.view, this.state, this.answer, this.path), ...this.#arrows(), ...this.#solutions(), ...this.#captions()];
    }

    #axes() {
        const [w, h] = this.view.half();
        const lines = [];
        for (let k = -Math.floor(w); k <= w; k++) {
            lines.push([[k, -h], [k, h], k === 0]);
        }
        for (let k = -Math.floor(h); k <= h; k++) {
            lines.push([[-w, k], [w, k], k === 0]);
        }
        return lines.map(([from, to, axis]) => this.#segment(from, to, axis ? "axis" : "grid"));
    }

    #segment(from, to, kind) {
        const [[x1, y1], [x2, y2]] = [this.px(from), this.px(to)];
        return make("line", {class: kind, x1, y1, x2, y2});
    }

    #levels() {
        if (this.state.kind !== "qp") {
            const {lines, through} = straightLevels(this.state.c, this.x);
            const all = lines.map(([from, to]) => this.#segment(from, to, "level"));
            return through ? [...all, this.#segment(...through, "level best")] : all;
        }
        const {centre, tilt, stretch, radii, through} = roundLevels(CURVATURE, this.state.c, this.x);
        const [x, y] = this.px(centre);
        const ellipse = (radius, kind) => make("ellipse", {
            class: kind, rx: radius * stretch[0] * this.view.scale, ry: radius * stretch[1] * this.view.scale,
            transform: `translate(${x} ${y}) rotate(${-tilt})`
        });
        const all = [make("circle", {class: "bottom", cx: x, cy: y, r: 2.5}), ...radii.map(radius => ellipse(radius, "level"))];
        return through > 0.02 ? [...all, ellipse(through, "level best")] : all;
    }

    #lattice() {
        if (this.state.kind !== "integer") {
            return [];
        }
        const [w, h] = this.view.half().map(Math.floor);
        const dots = [];
        for (let i = -w; i <= w; i++) {
            for (let j = -h; j <= h; j++) {
                const inside = this.state.rows.every(row => normal(row)[0] * i + normal(row)[1] * j <= offset(row) + 1e-9);
                const [cx, cy] = this.px([i, j]);
                dots.push(make("circle", {class: inside ? "lattice in" : "lattice", cx, cy, r: inside ? 4 : 2.5}));
            }
        }
        return dots;
    }

    /** A line whose forbidden side is shaded, and the arrow by which it is turned. */
    #row(row, k) {
        const [from, to] = line(row).map(this.px);
        const [a, b] = normal(row);
        const shift = ([x, y]) => [x + 5 * a, y - 5 * b];
        const [outer1, outer2] = [shift(from), shift(to)];
        const [at, tip] = [this.px(row.at), this.px(stub(row))];
        this.#strokes.push([at, tip]);
        this.#discs.push([...at, 12], [...tip, 12]);
        this.#labels.push({at: tip, gap: 13, parts: [plain(String(k + 1))], kind: "row-number", late: true});
        return [
            make("line", {class: "forbidden", x1: outer1[0], y1: outer1[1], x2: outer2[0], y2: outer2[1]}),
            make("line", {class: "border", x1: from[0], y1: from[1], x2: to[0], y2: to[1]}),
            arrow(at, tip, "row", 11)
        ];
    }

    /** An arrow with a label; parts of it beyond the rim are not drawn. */
    #arrow(from, to, kind, parts, head = 12) {
        const [a, b] = [this.px(from), this.px(this.view.within(to, MARGIN))];
        this.#strokes.push([a, b]);
        if (Math.hypot(b[0] - a[0], b[1] - a[1]) > 4) {
            this.#labels.push({at: b, gap: kind === "perturbed" ? 7 : 12, parts, kind});
        }
        return arrow(a, b, kind, head);
    }

    #arrows() {
        const {c, g, tau: wanted} = this.state;
        const hook = anchor(this.view, this.answer);
        const drawn = [];
        const gradient = this.answer?.backward?.gradients.c;
        const tau = this.answer?.backward?.diagnostics.tau ?? (this.state.auto ? null : wanted);
        const which = side(this.state);
        if (which && tau !== null) {
            const signs = {lower: [[1, "+"]], upper: [[-1, "−"]], average: [[1, "+"], [-1, "−"]]}[which];
            for (const [sign, written] of signs) {
                drawn.push(this.#arrow(c, plus(c, g, sign * tau), "perturbed", [variable("c"), plain(` ${written} `), variable("τg")], 9));
            }
        }
        drawn.push(this.#arrow([0, 0], c, "cost", [variable("c")], 17));
        drawn.push(this.#arrow(hook, plus(hook, g), "upstream", [variable("g")], 17));
        if (gradient && length(gradient) > 1e-9) {
            const long = length(gradient) > LONGEST;
            const shown = long ? gradient.map(v => v * LONGEST / length(gradient)) : gradient;
            drawn.push(this.#arrow(c, plus(c, shown), long ? "gradient cut" : "gradient", [plain("∂ℓ/∂"), variable("c")], 17));
        }
        return drawn;
    }

    #solutions() {
        const drawn = [];
        const named = [];
        const add = (x, parts) => {
            const same = named.find(one => length(plus(one.x, x, -1)) < 0.03);
            if (same) {
                same.parts.push(plain(" = "), ...parts);
            } else {
                named.push({x, parts: [...parts]});
            }
        };
        if (this.x) {
            add(this.x, [variable("x"), plain("*")]);
        }
        for (const which of ["lower", "upper"]) {
            const x = this.answer?.backward?.solutions?.[which]?.x;
            if (x) {
                const [cx, cy] = this.px(x);
                const corners = [[cx, cy - 9], [cx + 9, cy], [cx, cy + 9], [cx - 9, cy]];
                drawn.push(make("polygon", {class: `perturbed-point ${which}`, points: points(corners)}));
                add(x, [variable("x"), low(SUB[which])]);
            }
        }
        if (this.x) {
            const [cx, cy] = this.px(this.x);
            drawn.push(make("circle", {class: "solution", cx, cy, r: 6}));
        }
        for (const {x, parts} of named) {
            const at = this.px(x);
            this.#discs.push([...at, 8]);
            if (this.view.sees(x)) {
                this.#labels.push({at, gap: 11, parts, kind: "point"});
            }
        }
        return drawn;
    }

    #captions() {
        const labels = [...this.#labels.filter(label => !label.late), ...this.#labels.filter(label => label.late)];
        const sized = labels.map(label => ({...label, width: widthOf(label.parts) + 6}));
        const centres = place(sized, this.#strokes, this.#discs, [this.view.width, this.view.height]);
        return labels.map((label, k) => caption(label.parts, {
            class: `caption ${label.kind}`, x: centres[k].x, y: centres[k].y + 5, "text-anchor": "middle"
        }));
    }
}
