package io.argmind.dispatch;

import io.argmind.solver.Ladder;
import java.util.Arrays;
import java.util.List;

/** One request's work, spread over the solver threads in as many rounds as it takes. */
final class Rounds<S extends Ladder> {
    private final Workers workers;
    private final Workers.Opening<S> opening;
    private final SolveOptions options;
    private Workers.Done done = new Workers.Done(0, 0);
    private boolean begun;

    Rounds(Workers workers, Workers.Opening<S> opening, SolveOptions options) {
        this.workers = workers;
        this.opening = opening;
        this.options = options;
    }

    /** What became of all work so far. */
    Workers.Done done() {
        return done;
    }

    /** One piece of work. */
    interface Piece<S extends Ladder, R> {
        R run(int k, Chunk<S> chunk);
    }

    /**
     * Does pieces 0, ..., count - 1 and waits.
     *
     * @throws DeadlineExceededException if the deadline passed before anything was begun
     */
    <R> List<R> forEach(int count, Piece<S, R> piece) {
        @SuppressWarnings("unchecked") // filled below, every place
        R[] results = (R[]) new Object[count];
        // what was begun is finished: solves past the deadline end at once, as data
        SolveOptions until =
                begun ? options.until(System.nanoTime() + Long.MAX_VALUE / 4) : options;
        Workers.Done now =
                workers.forEach(
                        until,
                        count,
                        opening,
                        (from, to, chunk) -> {
                            for (int k = from; k < to; k++) {
                                results[k] = piece.run(k, chunk);
                            }
                        });
        done =
                new Workers.Done(
                        done.climbs() + now.climbs(),
                        begun ? done.waitedNanos() : now.waitedNanos());
        begun |= count > 0;
        return Arrays.asList(results);
    }
}
