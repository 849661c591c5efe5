// The window through which the plane is seen: units of x to pixels and back. It follows the size of its element.

const UNITS = {across: 8.8, up: 7};

export class View {
    constructor(svg) {
        this.svg = svg;
        this.measure();
    }

    /** Reads the size of the element; true if it changed. */
    measure() {
        const {width, height} = this.svg.getBoundingClientRect();
        const changed = width !== this.width || height !== this.height;
        this.width = width;
        this.height = height;
        this.scale = Math.min(width / UNITS.across, height / UNITS.up);
        this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
        return changed;
    }

    toPixels = ([x, y]) => [this.width / 2 + this.scale * x, this.height / 2 - this.scale * y];

    toUnits = event => {
        const box = this.svg.getBoundingClientRect();
        return [(event.clientX - box.left - this.width / 2) / this.scale, (this.height / 2 - event.clientY + box.top) / this.scale];
    };

    /** How far one sees from the centre, less a margin in pixels. */
    half(margin = 0) {
        return [(this.width / 2 - margin) / this.scale, (this.height / 2 - margin) / this.scale];
    }

    sees([x, y], margin = 0) {
        const [w, h] = this.half(margin);
        return Math.abs(x) <= w && Math.abs(y) <= h;
    }

    /** The nearest place that is in sight. */
    within([x, y], margin) {
        const [w, h] = this.half(margin);
        return [Math.max(-w, Math.min(w, x)), Math.max(-h, Math.min(h, y))];
    }
}
