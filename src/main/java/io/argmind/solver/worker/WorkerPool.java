package io.argmind.solver.worker;

import io.argmind.solver.Limits;
import io.argmind.solver.Oracle;
import io.argmind.solver.Solver;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes in which native back-ends work: one for each thread that has sessions open, started
 * when it is needed and kept when it is not. There are never more than threads that solve, and so
 * nobody waits for one.
 */
public final class WorkerPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private static final long WATCH_MILLIS = 50;
    private static final long PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2000;

    private final WorkerCommand command;
    private final int kept;
    private final Deque<Worker> idle = new ArrayDeque<>();
    private final Set<Worker> live = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<Thread, Lease> leases = new ConcurrentHashMap<>();
    private final AtomicLong restarts = new AtomicLong();
    private final AtomicLong stuck = new AtomicLong();
    private @Nullable Thread watch;
    private boolean closed;

    /**
     * A pool without processes; the first back-end that is asked starts one.
     *
     * @param kept how many are kept when they have nothing to do
     */
    public WorkerPool(WorkerCommand command, int kept) {
        this.command = command;
        this.kept = kept;
    }

    /** The same back-end, with every session in a process. */
    public Solver isolate(Solver solver) {
        return new SolverInWorker(solver, this);
    }

    /** The same oracle, with every session in a process. */
    public Oracle isolate(Oracle oracle) {
        return new OracleInWorker(oracle, this);
    }

    /** The processes that exist now. */
    public List<Long> pids() {
        return live.stream().filter(Worker::isAlive).map(Worker::pid).toList();
    }

    /** How many processes ended that should not have. */
    public long restarts() {
        return restarts.get();
    }

    /** How many processes were ended because they worked on past their time. */
    public long stuck() {
        return stuck.get();
    }

    /** The calling thread's. */
    Lease lease() {
        return leases.computeIfAbsent(Thread.currentThread(), thread -> new Lease(this, thread));
    }

    /**
     * A process that has nothing to do.
     *
     * @param failures how many the same thread lost in a row; from the second on, it has to wait
     */
    Worker take(int failures, Limits limits) throws WorkerLostException {
        Worker found = waiting();
        if (found != null) {
            return found;
        }
        pause(failures, limits);
        Worker started = Worker.start(command);
        synchronized (this) {
            if (closed) {
                started.kill();
                throw new WorkerLostException("the service is stopping", false);
            }
            live.add(started);
            if (watch == null) {
                watch = Thread.ofPlatform().daemon().name("worker-watch").start(this::watch);
            }
        }
        return started;
    }

    private synchronized @Nullable Worker waiting() {
        while (true) {
            Worker worker = idle.pollFirst();
            if (worker == null || worker.isAlive()) {
                return worker;
            }
            lost(worker, "none", "it ended while it had nothing to do");
        }
    }

    private static void pause(int failures, Limits limits) {
        if (failures < 2) {
            return;
        }
        long millis = Math.min(PAUSE_MILLIS << Math.min(failures - 2, 10), LONGEST_PAUSE_MILLIS);
        try {
            Thread.sleep(Math.min(millis, (long) (1e3 * limits.secondsLeft())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A process has ended; parameters are none of the log's business. */
    void lost(Worker worker, String backend, String how) {
        if (live.remove(worker)) {
            restarts.incrementAndGet();
            LOG.warn("a solver process was lost and is replaced: {} (back-end {})", how, backend);
        }
        worker.kill();
    }

    /** A thread has closed its last session; its process, if it has one, is free. */
    void end(Thread thread, @Nullable Worker worker) {
        leases.remove(thread);
        if (worker != null) {
            giveBack(worker);
        }
    }

    private synchronized void giveBack(Worker worker) {
        if (!closed && worker.isAlive() && idle.size() < kept) {
            idle.addFirst(worker);
        } else {
            live.remove(worker);
            worker.kill();
        }
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(WATCH_MILLIS);
                for (Worker worker : live) {
                    worker.remind();
                    if (worker.isOverdue()) {
                        stuck.incrementAndGet();
                        worker.kill();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (watch != null) {
            watch.interrupt();
        }
        idle.clear();
        List<Worker> all = List.copyOf(live);
        live.clear();
        all.forEach(Worker::kill);
    }
}
