// Puts each label beside what it names, where it covers least.

const HEIGHT = 18;
const DIRECTIONS = [[1, -1], [-1, -1], [1, 1], [-1, 1], [1, 0], [-1, 0], [0, -1], [0, 1]];

/**
 * Chooses the centres of labels.
 * @param labels [{at: [x, y], width, gap}] in pixels, the most important first
 * @param strokes [[from, to], ...] and @param discs [[x, y, radius], ...]: what should not be covered
 * @param size [width, height] of the picture
 */
export function place(labels, strokes, discs, size) {
    const taken = [];
    return labels.map(label => {
        const boxes = DIRECTIONS.flatMap(([dx, dy], order) => [1, 1.9].map((far, ring) => {
            const slant = dx !== 0 && dy !== 0 ? 0.75 : 1;
            const x = label.at[0] + dx * slant * far * (label.gap + label.width / 2);
            const y = label.at[1] + dy * slant * far * (label.gap + HEIGHT / 2);
            const box = [x - label.width / 2, y - HEIGHT / 2, x + label.width / 2, y + HEIGHT / 2];
            return {x, y, box, cost: order / 10 + 2 * ring + cost(box, taken, strokes, discs, size)};
        }));
        const best = boxes.reduce((a, b) => b.cost < a.cost ? b : a);
        taken.push(best.box);
        return best;
    });
}

function cost([left, top, right, bottom], taken, strokes, discs, [width, height]) {
    let sum = left < 2 || top < 2 || right > width - 2 || bottom > height - 2 ? 60 : 0;
    for (const [l, t, r, b] of taken) {
        sum += left < r + 2 && right > l - 2 && top < b && bottom > t ? 40 : 0;
    }
    for (const [x, y, radius] of discs) {
        sum += x > left - radius && x < right + radius && y > top - radius && y < bottom + radius ? 12 : 0;
    }
    for (const [from, to] of strokes) {
        const steps = Math.min(60, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / 6));
        for (let k = 0; k <= steps; k++) {
            const x = from[0] + (to[0] - from[0]) * k / Math.max(1, steps);
            const y = from[1] + (to[1] - from[1]) * k / Math.max(1, steps);
            if (x > left - 1 && x < right + 1 && y > top && y < bottom) {
                sum += 5;
                break;
            }
        }
    }
    return sum;
}
