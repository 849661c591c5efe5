// Small help with SVG elements.

const SPACE = "http://www.w3.org/2000/svg";

export function make(name, attributes = {}, ...children) {
    const element = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(attributes)) {
        element.setAttribute(key, value);
    }
    element.append(...children);
    return element;
}

export const points = list => list.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");

/** An arrow from one place to another in pixels; its head is drawn by hand, so that short ones stay arrows. */
export function arrow(from, to, kind, head = 11) {
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const size = Math.hypot(dx, dy);
    if (size < 1) {
        return make("g");
    }
    const [ux, uy] = [dx / size, dy / size];
    const tip = Math.min(head, size);
    const neck = [to[0] - tip * ux, to[1] - tip * uy];
    const wing = 0.42 * tip;
    const shaft = {class: `shaft ${kind}`, x1: from[0], y1: from[1], x2: neck[0], y2: neck[1]};
    const corners = [to, [neck[0] - wing * uy, neck[1] + wing * ux], [neck[0] + wing * uy, neck[1] - wing * ux]];
    return make("g", {}, make("line", shaft), make("polygon", {class: `head ${kind}`, points: points(corners)}));
}

// Captions are made of parts: [words, style], where the style is "plain", "variable" (italic) or "low".
export const plain = words => [words, "plain"];
export const variable = words => [words, "variable"];
export const low = words => [words, "low"];

export function caption(parts, attributes) {
    const element = make("text", attributes);
    let lowered = false;
    for (const [words, style] of parts) {
        const lowers = style === "low";
        const span = make("tspan", {class: style, ...(lowers !== lowered && {dy: lowers ? 4 : -4})});
        span.textContent = words;
        lowered = lowers;
        element.append(span);
    }
    return element;
}

/** About how many pixels a caption takes. */
export const widthOf = parts => parts.reduce((sum, [words, style]) => sum + (style === "low" ? 7 : 8.6) * words.length, 0);
