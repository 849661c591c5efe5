// The handles: what a person takes hold of in the picture, and what that changes in the state.

import {plus, round} from "./geometry.js";
import {Handle} from "./handles.js";
import {anchor, stub} from "./picture.js";
import {tuple} from "./words.js";

const MARGIN = 16;
const AT_MOST = 4; // units, of an arrow's coordinates

const clamp = value => round(Math.max(-AT_MOST, Math.min(AT_MOST, value)), 2);

export class Stage {
    #rows = [];

    /** @param store {state, answer, change(changes)} */
    constructor(layer, view, store) {
        Object.assign(this, {layer, view, store});
        this.cost = this.#handle("handle-c", "cost", place => store.change({c: place.map(clamp)}));
        this.upstream = this.#handle("handle-g", "upstream", place => store.change({
            g: plus(place, anchor(view, store.answer), -1).map(clamp)
        }));
    }

    #handle(id, kind, moved, step) {
        return new Handle(this.layer, {id, kind, moved, view: this.view, step});
    }

    /** As many handles as there are rows. */
    #fit(count) {
        while (this.#rows.length > count) {
            const {shift, turn} = this.#rows.pop();
            shift.remove();
            turn.remove();
        }
        while (this.#rows.length < count) {
            const k = this.#rows.length;
            this.#rows.push({
                shift: this.#handle(`handle-shift-${k + 1}`, "shift", place => this.#change(k, () => ({
                    at: this.view.within(place, MARGIN).map(v => round(v, 2))
                }))),
                turn: this.#handle(`handle-turn-${k + 1}`, "turn", (place, key, far) => this.#change(k, row => ({
                    angle: key ? turned(row.angle, key, far) : pointing(row.at, place)
                })))
            });
        }
    }

    #change(k, changes) {
        const rows = this.store.state.rows.map((row, i) => i === k ? {...row, ...changes(row)} : row);
        this.store.change({rows});
    }

    /** Puts every handle where the state says. */
    put() {
        const {state, answer} = this.store;
        const put = (handle, where, label, value, said) => handle.put(this.view.within(where, MARGIN), label, value, said);
        this.#fit(state.rows.length);
        state.rows.forEach((row, k) => {
            put(this.#rows[k].shift, row.at, `Half-plane ${k + 1}, shift`, row.at[0], `through ${tuple(row.at)}`);
            put(this.#rows[k].turn, stub(row), `Half-plane ${k + 1}, turn`, row.angle, `${row.angle} degrees`);
        });
        put(this.upstream, plus(anchor(this.view, answer), state.g), "Upstream gradient g", state.g[0], tuple(state.g));
        put(this.cost, state.c, "Cost c", state.c[0], tuple(state.c));
    }
}

function turned(angle, [dx, dy], far) {
    return (angle + (dx < 0 || dy > 0 ? 1 : -1) * (far ? 10 : 2)) % 360;
}

const pointing = (at, place) => Math.round(Math.atan2(place[1] - at[1], place[0] - at[0]) * 180 / Math.PI);
