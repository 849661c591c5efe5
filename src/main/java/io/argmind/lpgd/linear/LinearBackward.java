package io.argmind.lpgd.linear;

import io.argmind.linalg.Vectors;
import io.argmind.lpgd.BackwardStatus;
import io.argmind.lpgd.NegativeIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The differentiation of a batch. */
public final class LinearBackward {
    private final LinearBatch batch;
    private final double @Nullable [] upstreamX;
    private final double @Nullable [] upstreamObjective;
    private final LinearSettings settings;
    private final @Nullable Difference[] done;
    private final List<Integer> active = new ArrayList<>();

    /**
     * @param upstreamX [size, n] the upstream gradient on x, null if there is none
     * @param upstreamObjective [size]
     */
    public LinearBackward(
            LinearBatch batch,
            double @Nullable [] upstreamX,
            double @Nullable [] upstreamObjective,
            LinearSettings settings) {
        this.batch = batch;
        this.upstreamX = upstreamX;
        this.upstreamObjective = upstreamObjective;
        this.settings = settings;
        this.done = new Difference[batch.size()];
        for (int i = 0; i < done.length; i++) {
            if (batch.solutions().get(i) == null) {
                done[i] = Difference.failed(batch.n(), BackwardStatus.FORWARD_FAILED);
            } else if (isSeen(i)) {
                active.add(i);
            } else {
                done[i] = still();
            }
        }
    }

    /** Whether anything has to be solved. */
    public boolean solves() {
        return settings.method() != LinearMethod.IDENTITY && !active.isEmpty();
    }

    public LinearGradients differentiate(Parallel parallel) {
        switch (settings.method()) {
            case LPGD, BLACKBOX -> {
                List<Difference> all =
                        parallel.map(active.size(), (k, oracle) -> lpgd(active.get(k), oracle));
                for (int k = 0; k < all.size(); k++) {
                    done[active.get(k)] = all.get(k);
                }
            }
            case IDENTITY -> active.forEach(this::identity);
            case IMLE -> imle(parallel);
            case PERTURBED ->
                    new PerturbedJacobian(batch, noise(), settings.controlVariate())
                            .differentiate(active, this::direction, this::weight, parallel)
                            .forEach((i, d) -> done[i] = d);
            case IMPLICIT -> throw new IllegalArgumentException("refused where requests are read");
        }
        return gathered();
    }

    private Difference still() {
        Difference none = new Difference(batch.n());
        none.tau = 0;
        return none;
    }

    /** Whether the loss sees the instance in a way that takes a look at it. */
    private boolean isSeen(int i) {
        int n = batch.n();
        return (settings.method().isStochastic() && weight(i) != 0)
                || (upstreamX != null && !Vectors.isZero(upstreamX, i * n, (i + 1) * n));
    }

    /**
     * The upstream gradient on x. The objective of a mean over noise is {@code <c, x>} at an x that
     * does not minimize it, so what the loss sees of the objective it sees through x as well.
     */
    private double[] direction(int i) {
        int n = batch.n();
        double[] g = new double[n];
        if (upstreamX != null) {
            System.arraycopy(upstreamX, i * n, g, 0, n);
        }
        if (settings.method().isStochastic() && weight(i) != 0) {
            Vectors.addTimes(weight(i), batch.cost().apply(i), g);
        }
        return g;
    }

    /** The upstream gradient on the objective. */
    private double weight(int i) {
        return upstreamObjective == null ? 0 : upstreamObjective[i];
    }

    private Noise noise() {
        return Objects.requireNonNull(settings.noise());
    }

    private void identity(int i) {
        Difference out = still();
        double[] cost = batch.cost().apply(i);
        Vectors.addTimes(
                1,
                NegativeIdentity.gradient(cost, direction(i), settings.projection()),
                out.gradient);
        done[i] = out;
    }

    private Difference lpgd(int i, LinearOracle oracle) {
        double[] cost = batch.cost().apply(i);
        double[] g = direction(i);
        double tau = settings.tau(i, cost, g);
        return tau == 0
                ? still()
                : new EnvelopeDifference(oracle, batch, i, cost, g, settings)
                        .differentiate(tau, batch.solutions().get(i));
    }

    private void imle(Parallel parallel) {
        new Blocks(noise().samples())
                .<Difference>forEach(
                        active,
                        parallel,
                        (i, from, to, oracle) -> imle(i, from, to, oracle),
                        (i, parts) -> {
                            Difference sum = new Difference(batch.n());
                            parts.forEach(sum::add);
                            sum.divide(noise().samples());
                            done[i] = sum.status.hasGradient() ? sum : failedAfter(sum, batch.n());
                        });
    }

    static Difference failedAfter(Difference sum, int n) {
        Difference failed = Difference.failed(n, BackwardStatus.SOLVER_FAILED);
        failed.iterations = sum.iterations;
        failed.tau = sum.tau;
        failed.clamped = sum.clamped;
        return failed;
    }

    /** The sum over some samples. */
    private Difference imle(int i, int from, int to, LinearOracle oracle) {
        double[] cost = batch.cost().apply(i);
        double[] g = direction(i);
        Difference sum = new Difference(batch.n());
        double tau = Vectors.isZero(g) ? 0 : settings.tau(i, cost, g);
        for (int s = from; s < to; s++) {
            double[] noisy = noise().costsOf(i, s, cost);
            Difference one =
                    tau == 0
                            ? still()
                            : new EnvelopeDifference(oracle, batch, i, noisy, g, settings)
                                    .differentiate(tau, null);
            one.lowerX = null;
            one.upperX = null;
            sum.add(one);
        }
        return sum;
    }

    /** Of LPGD, blackbox and I-MLE: the derivative of the objective, {@code x} itself. */
    private void addObjective(int i, Difference out) {
        double[] x = batch.solutions().get(i);
        boolean through =
                settings.method() != LinearMethod.IDENTITY
                        && settings.method() != LinearMethod.PERTURBED;
        if (through && weight(i) != 0 && out.status.hasGradient() && x != null) {
            Vectors.addTimes(weight(i), x, out.gradient);
        }
    }

    private LinearGradients gathered() {
        int size = batch.size();
        int n = batch.n();
        LinearGradients out =
                new LinearGradients(
                        new double[size * n],
                        new ArrayList<>(),
                        new double[size],
                        new double[size],
                        new double[size],
                        new long[size],
                        new double[size][],
                        new double[size][],
                        new Boolean[size],
                        new Boolean[size],
                        new boolean[size],
                        next());
        for (int i = 0; i < size; i++) {
            Difference d = Objects.requireNonNull(done[i]);
            addObjective(i, d);
            System.arraycopy(d.gradient, 0, out.cost(), i * n, n);
            out.status().add(d.status);
            out.tau()[i] = Double.isInfinite(d.tau) ? 0 : d.tau;
            out.displacement()[i] = d.displacement;
            out.noise()[i] = d.noise;
            out.iterations()[i] = d.iterations;
            out.lowerX()[i] = d.lowerX;
            out.upperX()[i] = d.upperX;
            out.lowerMoved()[i] = d.lowerMoved;
            out.upperMoved()[i] = d.upperMoved;
            out.clamped()[i] = d.clamped;
        }
        return out;
    }

    private @Nullable AdaptiveTau next() {
        AdaptiveTau state = settings.adaptive();
        if (state == null) {
            return null;
        }
        int samples = settings.noise() == null ? 1 : noise().samples();
        long nonzeros = 0;
        long count = 0;
        for (int i : active) {
            Difference d = Objects.requireNonNull(done[i]);
            if (d.status.hasGradient()) {
                nonzeros += d.nonzeros;
                count += samples;
            }
        }
        return count == 0 ? state : state.after((double) nonzeros / count);
    }
}
