// Plane geometry: half-planes, the region they leave, and level lines of the objective. Knows neither page nor service.

const FAR = 200; // stands for infinity: the region is clipped to a square of this half-width

export const round = (value, digits) => {
    const rounded = Number(value.toFixed(digits));
    return rounded === 0 ? 0 : rounded; // no -0
};

export const dot = (a, b) => a[0] * b[0] + a[1] * b[1];
export const plus = (a, b, factor = 1) => [a[0] + factor * b[0], a[1] + factor * b[1]];
export const length = a => Math.hypot(a[0], a[1]);

/** The outward normal of a row, as it is sent. */
export function normal(row) {
    const radians = row.angle * Math.PI / 180;
    return [round(Math.cos(radians), 4), round(Math.sin(radians), 4)];
}

/** The right-hand side h of a row, as it is sent. */
export const offset = row => round(dot(normal(row), row.at), 4);

/** The corners of the region { x: n'x <= h for all rows }, within a large square; empty if there is none. */
export function region(rows) {
    let corners = [[-FAR, -FAR], [FAR, -FAR], [FAR, FAR], [-FAR, FAR]];
    for (const row of rows) {
        corners = clip(corners, normal(row), offset(row));
    }
    return corners;
}

/** Sutherland and Hodgman's clipping of a convex polygon by one half-plane. */
function clip(corners, n, h) {
    const kept = [];
    corners.forEach((to, k) => {
        const from = corners.at(k - 1);
        const before = dot(n, from) - h;
        const after = dot(n, to) - h;
        if ((before < 0 && after > 0) || (before > 0 && after < 0)) {
            kept.push(plus(from, plus(to, from, -1), before / (before - after)));
        }
        if (after <= 0) {
            kept.push(to);
        }
    });
    return kept;
}

/** The two far ends of a row's line. */
export function line(row) {
    const [a, b] = normal(row);
    return [plus(row.at, [-b, a], FAR), plus(row.at, [-b, a], -FAR)];
}

/**
 * Level lines of c'x: straight, half a unit apart, and one through x.
 * Returns {lines: [[from, to], ...], through: [from, to] or null}.
 */
export function straightLevels(c, x) {
    const size = length(c);
    if (size < 1e-9) {
        return {lines: [], through: null};
    }
    const down = [c[0] / size, c[1] / size];
    const at = point => [plus(point, [-down[1], down[0]], FAR), plus(point, [-down[1], down[0]], -FAR)];
    const lines = [];
    for (let k = -24; k <= 24; k++) {
        lines.push(at([down[0] * k / 2, down[1] * k / 2]));
    }
    return {lines, through: x && at(x)};
}

/**
 * Level lines of 1/2 x'Px + c'x for a positive definite P: ellipses around its lowest point, and one through x.
 * Returns {centre, tilt in degrees, stretch: [per unit of radius along both axes], radii, through: radius or null}.
 */
export function roundLevels(P, c, x) {
    const [[a, b], [, d]] = P;
    const det = a * d - b * b;
    const centre = [-(d * c[0] - b * c[1]) / det, -(a * c[1] - b * c[0]) / det];
    const mean = (a + d) / 2;
    const spread = Math.hypot((a - d) / 2, b);
    const tilt = 0.5 * Math.atan2(2 * b, a - d) * 180 / Math.PI; // of the axis of the larger eigenvalue
    const radii = Array.from({length: 24}, (_, k) => 0.3 * (k + 1));
    const away = x && plus(x, centre, -1);
    const through = away && Math.sqrt(Math.max(0, a * away[0] ** 2 + 2 * b * away[0] * away[1] + d * away[1] ** 2));
    return {centre, tilt, stretch: [1 / Math.sqrt(mean + spread), 1 / Math.sqrt(mean - spread)], radii, through};
}
