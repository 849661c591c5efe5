package io.argmind.dispatch;

import io.argmind.solver.Ladder;
import io.argmind.solver.Limits;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The solver threads: platform threads, as many as cores, because native solvers pin virtual ones.
 * A batch is cut into chunks; each chunk has its own session on one thread. Between tenants the
 * threads are shared fairly: a chunk that takes long stops between instances where another tenant
 * has had less. A watchdog interrupts solves that overrun their limit.
 */
public final class Workers implements AutoCloseable {
    private static final int CHUNKS_PER_THREAD = 4;
    private static final long GRACE_NANOS = 250_000_000L;
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

    /** Interrupts solves that overran their limit, until this is closed. */
    private void watch() {
        try {
            while (true) {
                Thread.sleep(WATCH_MILLIS);
                long now = System.nanoTime();
                for (Chunk<?> chunk : running) {
                    if (now - chunk.overdueAt > 0) {
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

    /** Consecutive instances that one thread works on. */
    static final class Chunk<S extends Ladder> implements Supplier<S> {
        private final Supplier<S> opening;
        private volatile long overdueAt = System.nanoTime() + Long.MAX_VALUE / 4;
        private volatile @Nullable S session;
        private int climbs;

        private Chunk(Supplier<S> opening) {
            this.opening = opening;
        }

        @Override
        public S get() {
            S open = session;
            if (open == null) {
                open = opening.get();
                session = open;
            }
            return open;
        }

        /** Limits for each solve to come, of which the watchdog hears. */
        Supplier<Limits> limits(SolveOptions options) {
            return () -> {
                Limits limits = options.limits();
                overdueAt = limits.deadlineNanos() + GRACE_NANOS;
                return limits;
            };
        }

        private void cancel() {
            S open = session;
            if (open != null) {
                open.cancel();
            }
        }

        private void close() {
            S open = session;
            if (open != null) {
                climbs = open.climbs();
                session = null;
                open.close();
            }
        }
    }

    /**
     * Runs a task for every instance and waits.
     *
     * @throws DeadlineExceededException if the deadline passed before any instance was begun
     */
    <S extends Ladder> Done forEach(
            SolveOptions options, int size, Opening<S> opening, Task<S> task) {
        int width = opening.width();
        int groups = (size + width - 1) / width;
        int chunks = Math.min(groups, CHUNKS_PER_THREAD * pool.getCorePoolSize());
        Start start = new Start(options.deadlineNanos());
        List<Piece<S>> pieces = new ArrayList<>();
        for (int k = 0; k < chunks; k++) {
            int from = (int) ((long) groups * k / chunks) * width;
            int to = Math.min(size, (int) ((long) groups * (k + 1) / chunks) * width);
            Piece<S> piece = new Piece<>(from, to, opening, task, start);
            pieces.add(piece);
            queue.add(options.tenant(), piece);
            pool.execute(this::runNext);
        }
        if (size > 0 && !start.happensInTime()) {
            queue.removeAll(options.tenant(), pieces);
            throw new DeadlineExceededException(
                    "the deadline passed while the request was waiting for a solver thread; nothing was solved");
        }
        int climbs = 0;
        for (Piece<S> piece : pieces) {
            climbs += await(piece.done);
        }
        return new Done(climbs, start.waitedNanos());
    }

    /**
     * Decides once whether a request begins before its deadline: then all of it is done, otherwise
     * nothing.
     */
    private static final class Start {
        private static final long OPEN = -1;
        private static final long MISSED = -2;

        private final long deadlineNanos;
        private final long submitted = System.nanoTime();
        private final AtomicLong waited = new AtomicLong(OPEN);
        private final CountDownLatch decided = new CountDownLatch(1);

        Start(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        boolean isAllowed() {
            long now = System.nanoTime();
            boolean late = deadlineNanos - now <= 0;
            waited.compareAndSet(OPEN, late ? MISSED : Math.max(0, now - submitted));
            decided.countDown();
            return waited.get() != MISSED;
        }

        boolean happensInTime() {
            try {
                boolean known =
                        decided.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
                return !(known ? waited.get() == MISSED : waited.compareAndSet(OPEN, MISSED));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for solver threads", e);
            }
        }

        long waitedNanos() {
            return Math.max(0, waited.get());
        }
    }

    private void runNext() {
        FairQueue.Turn turn = queue.next();
        if (turn != null && turn.task() instanceof Piece<?> piece) {
            boolean finished = piece.run(turn);
            time.use(turn.tenant(), queue.end(turn));
            if (finished) {
                piece.finish();
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
        private final CompletableFuture<Integer> done = new CompletableFuture<>();
        private final Opening<S> opening;
        private final Task<S> task;
        private final Start start;
        private final int to;

        /** What the log says of the request. */
        private final @Nullable Map<String, String> context = MDC.getCopyOfContextMap();

        private int from;
        private int climbs;
        private @Nullable Throwable failure;

        Piece(int from, int to, Opening<S> opening, Task<S> task, Start start) {
            this.from = from;
            this.to = to;
            this.opening = opening;
            this.task = task;
            this.start = start;
        }

        /** Returns whether nothing is left. */
        boolean run(FairQueue.Turn turn) {
            try {
                MDC.setContextMap(context == null ? Map.of() : context);
                return !start.isAllowed() || advance(turn);
            } catch (Throwable e) { // whoever waits for this must hear of it, whatever it is
                failure = e;
                return true;
            } finally {
                MDC.clear();
            }
        }

        private boolean advance(FairQueue.Turn turn) {
            Chunk<S> chunk = new Chunk<>(opening.open());
            running.add(chunk);
            try {
                do {
                    int next = Math.min(from + opening.width(), to);
                    task.run(from, next, chunk);
                    from = next;
                } while (from < to && !queue.hasOneBefore(turn));
            } finally {
                running.remove(chunk);
                chunk.close();
                climbs += chunk.climbs;
            }
            return from >= to;
        }

        void finish() {
            if (failure == null) {
                done.complete(climbs);
            } else {
                done.completeExceptionally(failure);
            }
        }
    }

    private static int await(Future<Integer> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for solver threads", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Ends what still runs: who waited for it has gone. */
    @Override
    public void close() {
        watchdog.interrupt();
        pool.shutdown();
        running.forEach(Chunk::cancel);
        try {
            pool.awaitTermination(GRACE_NANOS, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
