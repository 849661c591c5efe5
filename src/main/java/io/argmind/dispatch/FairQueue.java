package io.argmind.dispatch;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Work that waits for solver threads. Each tenant's is done in the order in which it came; next is
 * the tenant that has had the least solver time for its weight. That is start-time fair queueing
 * (Goyal, Vin and Cheng, SIGCOMM 1996) with the time that work takes in place of its announced
 * length: a running piece counts for what it has taken so far, or what the tenant's pieces usually
 * take if that is more. Who has been away starts where those who stayed are, so that nobody saves
 * up. With one tenant this is first come, first served.
 */
final class FairQueue {
    /** A piece that has run this long makes place for a tenant that has had less. */
    private static final long QUANTUM_NANOS = 100_000_000L;

    private final ToDoubleFunction<Tenant> weights;
    private final LongSupplier clock;
    private final Map<Tenant, Account> accounts = new LinkedHashMap<>();

    /** Where the virtual time is: no tenant starts before it. */
    private double floor;

    private int size;

    FairQueue(ToDoubleFunction<Tenant> weights, LongSupplier clock) {
        this.weights = weights;
        this.clock = clock;
    }

    /** What a tenant waits for, and has had. */
    private static final class Account {
        private final double weight;
        private final Deque<Object> waiting = new ArrayDeque<>();
        private final List<Turn> running = new ArrayList<>();
        private double had;
        private double usual;

        private Account(double weight, double had) {
            this.weight = weight;
            this.had = had;
        }

        /** Seconds of solver threads for each unit of weight. */
        private double had(long now) {
            double all = had;
            for (Turn turn : running) {
                all += Math.max(usual, 1e-9 * (now - turn.start)) / weight;
            }
            return all;
        }

        private boolean isIdle() {
            return waiting.isEmpty() && running.isEmpty();
        }
    }

    /**
     * A piece of work on a thread.
     *
     * @param start when it was taken, by the clock
     */
    record Turn(Tenant tenant, Object task, long start) {}

    /** Puts work behind all of its tenant's. */
    synchronized void add(Tenant tenant, Object task) {
        account(tenant).waiting.addLast(task);
        size++;
    }

    /** Puts work that has been begun before all of its tenant's. */
    synchronized void putBack(Tenant tenant, Object task) {
        account(tenant).waiting.addFirst(task);
        size++;
    }

    private Account account(Tenant tenant) {
        Account account =
                accounts.computeIfAbsent(tenant, t -> new Account(weights.applyAsDouble(t), floor));
        if (account.isIdle()) {
            account.had = Math.max(account.had, floor);
        }
        return account;
    }

    /** Takes out what still waits of these. */
    synchronized void removeAll(Tenant tenant, Collection<?> tasks) {
        Account account = accounts.get(tenant);
        if (account != null) {
            int before = account.waiting.size();
            account.waiting.removeAll(tasks);
            size -= before - account.waiting.size();
        }
    }

    /** The next piece, which is the caller's to run and to {@link #end}; null if none waits. */
    synchronized @Nullable Turn next() {
        long now = clock.getAsLong();
        Tenant least = null;
        double had = Double.POSITIVE_INFINITY;
        for (Map.Entry<Tenant, Account> entry : accounts.entrySet()) {
            double its = entry.getValue().had(now);
            if (!entry.getValue().waiting.isEmpty() && its < had) {
                least = entry.getKey();
                had = its;
            }
        }
        if (least == null) {
            return null;
        }
        floor = Math.max(floor, had);
        // whoever is idle and not ahead of the others starts like somebody new
        accounts.values().removeIf(account -> account.isIdle() && account.had <= floor);
        Account account = account(least);
        Turn turn = new Turn(least, account.waiting.removeFirst(), now);
        size--;
        account.running.add(turn);
        return turn;
    }

    /**
     * A piece has been run.
     *
     * @return how many seconds it took
     */
    synchronized double end(Turn turn) {
        double seconds = 1e-9 * (clock.getAsLong() - turn.start);
        Account account = account(turn.tenant);
        account.running.remove(turn);
        account.had += seconds / account.weight;
        account.usual += (seconds - account.usual) / 8;
        return seconds;
    }

    /** Whether somebody who has had less waits for what this piece, which is running, uses. */
    synchronized boolean hasOneBefore(Turn turn) {
        long now = clock.getAsLong();
        if (accounts.size() < 2 || now - turn.start < QUANTUM_NANOS) {
            return false;
        }
        double mine = account(turn.tenant).had(now);
        return accounts.values().stream()
                .anyMatch(other -> !other.waiting.isEmpty() && other.had(now) < mine);
    }

    /** How many pieces wait. */
    synchronized int size() {
        return size;
    }
}
