// Things that can be taken hold of: with a pointer, or with Tab and the arrow keys.

import {round} from "./geometry.js";
import {make} from "./svg.js";

const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

/**
 * A handle that moves in the plane.
 * @param layer the SVG element it lives in; it stays there, so that it keeps focus and pointer while all else is redrawn
 * @param moved called with the new place in units of x
 * @param view {toPixels, toUnits(event)}
 */
export class Handle {
    #where = [0, 0];
    #grip = [0, 0];
    #view;

    constructor(layer, {id, kind, moved, view, step = 0.05}) {
        this.#view = view;
        this.element = make("g", {
            id, class: `handle ${kind}`, tabindex: 0, role: "slider", "aria-roledescription": "handle",
            "aria-valuenow": 0
        }, make("circle", {class: "reach", r: 20}), make("circle", {class: "ring", r: 15}), make("circle", {class: "knob", r: 6.5}));
        layer.append(this.element);
        // not every browser heeds touch-action inside of SVG: without this a finger scrolls the page and loses the handle
        this.element.addEventListener("touchstart", event => event.preventDefault(), {passive: false});
        this.element.addEventListener("pointerdown", event => this.#take(event));
        this.element.addEventListener("pointermove", event => {
            if (this.element.hasPointerCapture(event.pointerId)) {
                const [x, y] = this.#view.toUnits(event);
                moved([x - this.#grip[0], y - this.#grip[1]]);
            }
        });
        this.element.addEventListener("keydown", event => {
            const direction = STEPS[event.key];
            if (direction && !event.altKey && !event.ctrlKey && !event.metaKey) {
                event.preventDefault();
                const far = event.shiftKey ? 5 * step : step;
                moved([round(this.#where[0] + far * direction[0], 3), round(this.#where[1] + far * direction[1], 3)], direction, event.shiftKey);
            }
        });
    }

    #take(event) {
        event.preventDefault();
        this.element.focus({preventScroll: true});
        this.element.setPointerCapture(event.pointerId);
        const [x, y] = this.#view.toUnits(event);
        this.#grip = [x - this.#where[0], y - this.#where[1]]; // it does not jump under the finger
    }

    /** Puts it somewhere, and says what it is. */
    put(where, label, value, said) {
        this.#where = where;
        const [x, y] = this.#view.toPixels(where);
        this.element.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
        this.element.setAttribute("aria-label", label);
        this.element.setAttribute("aria-valuenow", value);
        this.element.setAttribute("aria-valuetext", said);
    }

    remove() {
        this.element.remove();
    }
}
