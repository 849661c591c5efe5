package io.argmind.dispatch;

import io.argmind.lpgd.linear.LinearBackward;
import io.argmind.lpgd.linear.LinearGradients;
import io.argmind.lpgd.linear.LinearOracle;
import io.argmind.lpgd.linear.Parallel;
import io.argmind.solver.Ladder;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * One request's work on linear costs, spread over the solver threads in as many rounds as it takes.
 */
abstract class LinearRun<S extends Ladder> implements Parallel {
    static final String TOO_LATE = "the deadline of the request passed before this solve was begun";
    static final String BROKEN = "internal error in the solver; it has been logged";

    final SolveOptions options;
    private final Workers workers;
    private final Workers.Opening<S> opening;
    private Workers.Done done = new Workers.Done(0, 0);
    private boolean begun;

    LinearRun(Workers workers, Workers.Opening<S> opening, SolveOptions options) {
        this.workers = workers;
        this.opening = opening;
        this.options = options;
    }

    /** What minimizes costs on the thread of a chunk; its failures are answers. */
    abstract LinearOracle oracle(Chunk<S> chunk);

    /** What became of all work so far. */
    Workers.Done done() {
        return done;
    }

    @Override
    public <R> List<R> map(int count, Work<R> work) {
        return forEach(count, (k, chunk) -> work.run(k, oracle(chunk)));
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

    /**
     * Differentiates.
     *
     * @param solver whom the plan named first
     * @param reason why, after so many climbs
     * @param start when the work began, by {@link System#nanoTime()}
     */
    DiscreteService.BackwardAnswer differentiate(
            LinearBackward pass, String solver, IntFunction<String> reason, long start) {
        LinearGradients gradients = pass.differentiate(this);
        double seconds = 1e-9 * (System.nanoTime() - start);
        return new DiscreteService.BackwardAnswer(
                gradients, solver, reason.apply(done.climbs()), seconds);
    }
}
