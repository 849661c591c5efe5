package io.argmind.dispatch;

import io.argmind.solver.Ladder;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The solver threads: platform threads, as many as cores, because native solvers pin virtual ones.
 * A batch is cut into chunks; each chunk has its own session on one thread. Between tenants the
 * threads are shared fairly: a chunk that takes long stops between instances where another tenant
 * has had less. A watchdog interrupts solves that overrun their limit.
 */
public final class Workers implements AutoCloseable {
    /** Each chunk is one over this of what is left for a thread: the last ones are short. */
    private static final int PART = 2;

    private static final long WATCH_MILLIS = 100;

    /** As many tasks as pieces wait in the queue, or more: each runs the one that is next then. */
    private final ThreadPoolExecutor pool;

    private final FairQueue queue;
    private final SolverTime time;
    private final Thread watchdog;
    private final Set<Chunk<?>> running = ConcurrentHashMap.newKeySet();

    /** For one tenant, without quotas. */
    public Workers(int threads, MeterRegistry meters) {
        this(threads, Quotas.NONE, new SolverTime(Quotas.NONE, meters), meters);
    }

    public Workers(int threads, Quotas quotas, SolverTime time, MeterRegistry meters) {
        this.queue = new FairQueue(tenant -> quotas.of(tenant).weight(), System::nanoTime);
        this.time = time;
        AtomicInteger number = new AtomicInteger();
        this.pool =
                new ThreadPoolExecutor(
                        threads,
                        threads,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(), // bounded by admission
                        task -> daemon(task, "solver-" + number.incrementAndGet()));
        this.watchdog = daemon(this::watch, "watchdog");
        watchdog.start();
        meters.gauge("argmind.solver.threads", pool, ThreadPoolExecutor::getCorePoolSize);
        meters.gauge("argmind.solver.busy", pool, ThreadPoolExecutor::getActiveCount);
        meters.gauge("argmind.queue.depth", queue, FairQueue::size);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Interrupts solves that overran their limit or that nobody waits for, until this is closed.
     */
    private void watch() {
        try {
            while (true) {
                Thread.sleep(WATCH_MILLIS);
                long now = System.nanoTime();
                for (Chunk<?> chunk : running) {
                    if (chunk.isUnwanted(now)) {
                        chunk.cancel();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What became of the instances.
     *
     * @param climbs how many solves needed another back-end than the plan's first
     * @param waitedNanos until the first instance was begun
     */
    record Done(int climbs, long waitedNanos) {}

    /**
     * How instances are worked on.
     *
     * @param width how many at a time
     * @param open opens a session on the thread that will use it
     */
    record Opening<S extends Ladder>(int width, Supplier<S> open) {}

    /** What is done with consecutive instances. */
    interface Task<S extends Ladder> {
        /**
         * Does it for the instances from, ..., to - 1; as many at a time as the first back-end
         * likes, or fewer.
         *
         * @param session the chunk's session, opened when first asked for
         */
        void run(int from, int to, Chunk<S> session);
    }

    /**
     * Runs a task for every instance and waits.
     *
     * @throws DeadlineExceededException if the deadline passed before any instance was begun
     * @throws CancelledException if the calling thread is interrupted; then nothing more is begun,
     *     and what runs is asked to stop
     */
    <S extends Ladder> Done forEach(
            SolveOptions options, int size, Opening<S> opening, Task<S> task) {
        int width = opening.width();
        int groups = (size + width - 1) / width;
        int[] ends = chunks(groups, PART * pool.getCorePoolSize());
        Progress progress = new Progress(ends.length, options.deadlineNanos());
        List<Piece<S>> pieces = new ArrayList<>();
        for (int k = 0; k < ends.length; k++) {
            int from = k == 0 ? 0 : ends[k - 1] * width;
            int to = Math.min(size, ends[k] * width);
            Piece<S> piece = new Piece<>(from, to, opening, task, progress);
            pieces.add(piece);
            queue.add(options.tenant(), piece);
            pool.execute(this::runNext);
        }
        try {
            if (!progress.awaitAll()) {
                throw new DeadlineExceededException(
                        "the deadline passed while the request was waiting for a solver thread; nothing was solved");
            }
        } catch (DeadlineExceededException | CancelledException e) {
            queue.removeAll(options.tenant(), pieces);
            throw e;
        }
        int climbs = pieces.stream().mapToInt(Piece::climbs).sum();
        return new Done(climbs, progress.waitedNanos());
    }

    /**
     * Where chunks end that are cut off one after the other, each a part of what is left, so that
     * all threads are done at about the same time (guided self-scheduling, Polychronopoulos and
     * Kuck 1987).
     */
    static int[] chunks(int groups, int parts) {
        IntStream.Builder ends = IntStream.builder();
        for (int from = 0; from < groups; ) {
            from += (groups - from + parts - 1) / parts;
            ends.add(from);
        }
        return ends.build().toArray();
    }

    private void runNext() {
        FairQueue.Turn turn = queue.next();
        if (turn != null && turn.task() instanceof Piece<?> piece) {
            boolean finished = piece.run(turn);
            time.use(turn.tenant(), queue.end(turn));
            if (finished) {
                piece.progress.partEnded(); // whoever waits sees what is in the piece now
            } else {
                queue.putBack(turn.tenant(), piece);
                comeBack();
            }
        }
    }

    private void comeBack() {
        try {
            pool.execute(this::runNext);
        } catch (RejectedExecutionException e) { // the service stops: somebody still waits for this
            runNext();
        }
    }

    /** What is left of a chunk: one thread works on it at a time, another one perhaps later. */
    private final class Piece<S extends Ladder> {
        private final Opening<S> opening;
        private final Task<S> task;
        private final Progress progress;
        private final int to;

        /** What the log says of the request. */
        private final @Nullable Map<String, String> context = MDC.getCopyOfContextMap();

        private int from;
        private int climbs;
        private @Nullable Throwable failure;

        Piece(int from, int to, Opening<S> opening, Task<S> task, Progress progress) {
            this.from = from;
            this.to = to;
            this.opening = opening;
            this.task = task;
            this.progress = progress;
        }

        /** Returns whether nothing is left. */
        boolean run(FairQueue.Turn turn) {
            try {
                MDC.setContextMap(context == null ? Map.of() : context);
                return !progress.mayBegin() || advance(turn);
            } catch (Throwable e) { // whoever waits for this must hear of it, whatever it is
                failure = e;
                return true;
            } finally {
                MDC.clear();
            }
        }

        private boolean advance(FairQueue.Turn turn) {
            Chunk<S> chunk = new Chunk<>(opening.open(), progress);
            running.add(chunk);
            try {
                do {
                    int next = Math.min(from + opening.width(), to);
                    task.run(from, next, chunk);
                    from = next;
                } while (from < to && !progress.isAbandoned() && !queue.hasOneBefore(turn));
            } finally {
                running.remove(chunk);
                climbs += chunk.close();
            }
            return from >= to || progress.isAbandoned();
        }

        /** How many solves needed another back-end, or what went wrong. */
        int climbs() {
            if (failure instanceof RuntimeException e) {
                throw e;
            }
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
            return climbs;
        }
    }

    /** Ends what still runs: who waited for it has gone. */
    @Override
    public void close() {
        watchdog.interrupt();
        pool.shutdown();
        running.forEach(Chunk::cancel);
        try {
            pool.awaitTermination(Chunk.GRACE_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
