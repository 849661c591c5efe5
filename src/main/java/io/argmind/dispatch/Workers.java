package io.argmind.dispatch;

import io.argmind.solver.Ladder;
import io.argmind.solver.Limits;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The solver threads: platform threads, as many as cores, because native solvers pin virtual ones.
 * A batch is cut into chunks; each chunk has its own session on one thread. A watchdog interrupts
 * solves that overrun their limit.
 */
public final class Workers implements AutoCloseable {
    private static final int CHUNKS_PER_THREAD = 4;
    private static final long GRACE_NANOS = 250_000_000L;
    private static final long WATCH_MILLIS = 100;

    private final ThreadPoolExecutor pool;
    private final Thread watchdog;
    private final Set<Chunk<?>> running = ConcurrentHashMap.newKeySet();

    public Workers(int threads, MeterRegistry meters) {
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
        meters.gauge("argmind.queue.depth", pool, p -> p.getQueue().size());
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Interrupts solves that overran their limit, or that nobody waits for, until this is closed.
     */
    private void watch() {
        try {
            while (true) {
                Thread.sleep(WATCH_MILLIS);
                long now = System.nanoTime();
                for (Chunk<?> chunk : running) {
                    if (now - chunk.overdueAt > 0 || chunk.start.isAbandoned()) {
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
        private final Start start;
        private volatile long overdueAt = System.nanoTime() + Long.MAX_VALUE / 4;
        private volatile @Nullable S session;
        private int climbs;

        private Chunk(Supplier<S> opening, Start start) {
            this.opening = opening;
            this.start = start;
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

        /**
         * Limits for each solve to come, of which the watchdog hears; no time for what nobody waits
         * for.
         */
        Supplier<Limits> limits(SolveOptions options) {
            return () -> {
                Limits limits = options.limits();
                if (start.isAbandoned()) {
                    limits = limits.withDeadline(System.nanoTime());
                }
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
     * @throws CancelledException if the calling thread is interrupted; then nothing more is begun,
     *     and what runs is asked to stop
     */
    <S extends Ladder> Done forEach(
            int size, Opening<S> opening, long deadlineNanos, Task<S> task) {
        int width = opening.width();
        int groups = (size + width - 1) / width;
        int chunks = Math.min(groups, CHUNKS_PER_THREAD * pool.getCorePoolSize());
        Start start = new Start(deadlineNanos);
        List<Future<Integer>> futures = new ArrayList<>();
        for (int k = 0; k < chunks; k++) {
            int from = (int) ((long) groups * k / chunks) * width;
            int to = Math.min(size, (int) ((long) groups * (k + 1) / chunks) * width);
            futures.add(
                    pool.submit(() -> start.isAllowed() ? run(from, to, opening, task, start) : 0));
        }
        try {
            if (size > 0 && !start.happensInTime()) {
                throw new DeadlineExceededException(
                        "the deadline passed while the request was waiting for a solver thread; nothing was solved");
            }
            int climbs = 0;
            for (Future<Integer> future : futures) {
                climbs += await(future, start);
            }
            return new Done(climbs, start.waitedNanos());
        } catch (DeadlineExceededException | CancelledException e) {
            futures.forEach(future -> future.cancel(false));
            pool.purge();
            throw e;
        }
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
        private volatile boolean abandoned;

        Start(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        boolean isAllowed() {
            long now = System.nanoTime();
            boolean late = deadlineNanos - now <= 0;
            waited.compareAndSet(OPEN, late ? MISSED : Math.max(0, now - submitted));
            decided.countDown();
            return waited.get() != MISSED && !abandoned;
        }

        boolean isAbandoned() {
            return abandoned;
        }

        /** Whoever waited has gone. */
        CancelledException abandon() {
            abandoned = true;
            Thread.currentThread().interrupt();
            return new CancelledException();
        }

        boolean happensInTime() {
            try {
                boolean known =
                        decided.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
                return !(known ? waited.get() == MISSED : waited.compareAndSet(OPEN, MISSED));
            } catch (InterruptedException e) {
                throw abandon();
            }
        }

        long waitedNanos() {
            return Math.max(0, waited.get());
        }
    }

    private <S extends Ladder> int run(
            int from, int to, Opening<S> opening, Task<S> task, Start start) {
        Chunk<S> chunk = new Chunk<>(opening.open(), start);
        running.add(chunk);
        try {
            int width = opening.width();
            for (int i = from; i < to && !start.isAbandoned(); i += width) {
                task.run(i, Math.min(i + width, to), chunk);
            }
        } finally {
            running.remove(chunk);
            chunk.close();
        }
        return chunk.climbs;
    }

    private static int await(Future<Integer> future, Start start) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw start.abandon();
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
