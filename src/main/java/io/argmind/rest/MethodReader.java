package io.argmind.rest;

import io.argmind.lpgd.Envelope;
import io.argmind.lpgd.LpgdSettings;
import io.argmind.lpgd.Method;
import io.argmind.lpgd.Projection;
import io.argmind.lpgd.linear.AdaptiveTau;
import io.argmind.lpgd.linear.LinearMethod;
import io.argmind.lpgd.linear.LinearSettings;
import io.argmind.lpgd.linear.Noise;
import io.argmind.problem.ErrorList;
import io.argmind.solver.Solvers;
import io.argmind.tensor.Tensor;
import io.argmind.tensor.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads how to differentiate. */
final class MethodReader {
    private static final String ADAPTIVE = "adaptive";

    private final ObjectReader in;
    private final ErrorList errors;
    private final LinearMethod method;
    private final @Nullable Envelope envelope;
    private final Projection projection;
    private final double rho;
    private final String strength; // the name of the member that holds tau
    private final double @Nullable [] tau;
    private final @Nullable AdaptiveTau adaptive;
    private final NoiseReader noise;
    private final boolean controlVariate;

    MethodReader(ObjectReader in, ErrorList errors) {
        this.in = in;
        this.errors = errors;
        this.method =
                in.choice(
                        "method",
                        LinearMethod.LPGD,
                        List.of(LinearMethod.values()),
                        LinearMethod::key);
        this.envelope =
                in.has("envelope")
                        ? in.choice(
                                "envelope",
                                Envelope.AVERAGE,
                                List.of(Envelope.values()),
                                Envelope::key)
                        : null;
        this.projection =
                in.choice(
                        "projection",
                        Projection.NONE,
                        List.of(Projection.values()),
                        Projection::key);
        this.rho = in.number("rho", 0);
        if (!(rho >= 0) || Double.isInfinite(rho)) {
            errors.add(in.at("rho"), "expected a finite number >= 0, got " + rho);
        }
        this.strength = strength();
        this.tau = tau();
        this.adaptive = adaptive();
        this.noise = new NoiseReader(in, errors);
        this.controlVariate = in.bool("control_variate", true);
    }

    LinearMethod method() {
        return method;
    }

    /** Blackbox differentiation calls it lambda. */
    private String strength() {
        if (!in.has("lambda")) {
            return "tau";
        }
        if (method != LinearMethod.BLACKBOX) {
            errors.add(in.at("lambda"), "only 'blackbox' has it, '" + method.key() + "' has tau");
        } else if (in.has("tau")) {
            errors.add(in.at("lambda"), "the same as tau: expected one of the two");
        }
        return "lambda";
    }

    /** Null for "auto", which is also what an absent tau means, and for "adaptive". */
    private double @Nullable [] tau() {
        Value value = in.value(strength);
        if (value == null
                || (value instanceof Value.Text text
                        && (text.value().equals(Solvers.AUTO) || text.value().equals(ADAPTIVE)))) {
            return null;
        }
        if (!(value instanceof Tensor numbers)) {
            in.fail(
                    strength,
                    "expected a number, one number per instance, \"auto\" or \"adaptive\"");
            return null;
        }
        if (numbers.rank() > 1) {
            errors.add(
                    in.at(strength),
                    "expected a number, or one number per instance, got shape "
                            + RowReader.text(numbers.shape()));
            return null;
        }
        for (int i = 0; i < numbers.values().length; i++) {
            if (!(numbers.values()[i] > 0) || Double.isInfinite(numbers.values()[i])) {
                errors.add(
                        in.at(strength) + (numbers.isScalar() ? "" : "/" + i),
                        "expected a finite number > 0, got " + numbers.values()[i]);
                return null;
            }
        }
        return numbers.values();
    }

    private @Nullable AdaptiveTau adaptive() {
        boolean wanted =
                in.value(strength) instanceof Value.Text text && text.value().equals(ADAPTIVE);
        ObjectReader state = in.object(ADAPTIVE, false);
        if (!wanted) {
            if (in.has(ADAPTIVE)) {
                errors.add(
                        in.at(ADAPTIVE), "the state of an adaptive tau: expected tau 'adaptive'");
            }
            return null;
        }
        AdaptiveTau first = AdaptiveTau.initial();
        AdaptiveTau read =
                new AdaptiveTau(
                        state.number("beta", first.beta()),
                        state.number("nonzeros", first.nonzeros()),
                        state.number("last_step", first.lastStep()),
                        state.number("step", first.step()),
                        state.number("momentum", first.momentum()),
                        state.number("decay", first.decay()),
                        state.number("target", first.target()));
        state.refuseOthers();
        range(state, "beta", read.beta(), 0, Double.MAX_VALUE);
        range(state, "nonzeros", read.nonzeros(), 0, Double.MAX_VALUE);
        range(state, "last_step", read.lastStep(), -Double.MAX_VALUE, Double.MAX_VALUE);
        range(state, "step", read.step(), 0, Double.MAX_VALUE);
        range(state, "momentum", read.momentum(), 0, 1);
        range(state, "decay", read.decay(), 0, 1);
        range(state, "target", read.target(), 0, Double.MAX_VALUE);
        return read;
    }

    private void range(ObjectReader state, String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            String range = most == 1 ? "a number from 0 to 1" : "a finite number";
            errors.add(
                    state.at(name),
                    "expected "
                            + range
                            + (least == 0 && most != 1 ? " >= 0" : "")
                            + ", got "
                            + value);
        }
    }

    /** Checks a tau per instance against the batch. */
    void checkTau(int size, boolean batched) {
        if (in.value(strength) instanceof Tensor numbers
                && numbers.rank() == 1
                && !(batched && numbers.shape()[0] == size)) {
            String expected =
                    batched
                            ? "a number, or one for each of the " + size + " instances"
                            : "a number";
            errors.add(
                    in.at(strength),
                    "expected " + expected + ", got shape " + RowReader.text(numbers.shape()));
        }
    }

    /**
     * For programs, and methods that draw no noise.
     *
     * @param linear whether their objectives are, and their sets do not depend on the costs
     */
    LpgdSettings forPrograms(boolean linear) {
        if (adaptive != null) {
            errors.add(in.at(strength), "'adaptive' is for combinatorial problems and 'imle'");
        }
        checkNoNoise();
        if (method == LinearMethod.BLACKBOX) {
            checkRho(true);
        }
        if (method == LinearMethod.BLACKBOX && !linear) {
            errors.add(
                    in.at("method"),
                    "'blackbox' is for linear objectives, use 'lpgd' with 'lower'");
        }
        return switch (method) {
            case BLACKBOX -> new LpgdSettings(Method.LPGD, blackboxEnvelope(), tau, 0, projection);
            case IMPLICIT -> programs(Method.IMPLICIT);
            case IDENTITY -> programs(Method.IDENTITY);
            case LPGD -> programs(Method.LPGD);
            case PERTURBED, IMLE ->
                    throw new IllegalStateException("these have settings for linear objectives");
        };
    }

    private LpgdSettings programs(Method of) {
        Envelope sides = envelope == null ? Envelope.AVERAGE : envelope;
        return new LpgdSettings(of, sides, tau, rho, projection);
    }

    private Envelope blackboxEnvelope() {
        if (envelope != null && envelope != Envelope.LOWER) {
            errors.add(
                    in.at("envelope"),
                    "'blackbox' is the lower envelope, use 'lpgd' for the '"
                            + envelope.key()
                            + "'");
        }
        return Envelope.LOWER;
    }

    /**
     * For combinatorial problems, and noise on the linear objectives of programs.
     *
     * @param kept the noise of the forward solve, as far as it is known
     * @param proximal whether rho can be
     */
    LinearSettings forLinear(int size, boolean batched, @Nullable Noise kept, boolean proximal) {
        checkTau(size, batched);
        checkRho(proximal);
        if (method == LinearMethod.IMPLICIT) {
            errors.add(
                    in.at("method"),
                    "'implicit' is the derivative of a continuous program; that of a combinatorial problem is zero or does not exist, use 'lpgd'");
        }
        Envelope sides =
                switch (method) {
                    case BLACKBOX -> blackboxEnvelope();
                    case IMLE -> envelope == null ? Envelope.LOWER : envelope;
                    case LPGD, IDENTITY, IMPLICIT, PERTURBED ->
                            envelope == null ? Envelope.AVERAGE : envelope;
                };
        return new LinearSettings(
                method,
                sides,
                tau,
                adaptive,
                rho,
                projection,
                noise(size, batched, kept),
                controlVariate);
    }

    private void checkRho(boolean proximal) {
        if (rho > 0 && !(method == LinearMethod.LPGD || method == LinearMethod.IMLE)) {
            errors.add(in.at("rho"), "'" + method.key() + "' has none, expected 0 or nothing");
        } else if (rho > 0 && !proximal) {
            errors.add(
                    in.at("rho"),
                    "||x - x*||^2 is not linear on this set, so no solver here can do it; expected 0"
                            + " (or flows with capacities of at most 1)");
        }
    }

    private @Nullable Noise noise(int size, boolean batched, @Nullable Noise kept) {
        checkNoNoise();
        return method.isStochastic() ? noise.forBatch(size, batched, kept) : null;
    }

    private void checkNoNoise() {
        if (noise.isPresent() && !method.isStochastic()) {
            errors.add(
                    in.at("method"),
                    "'" + method.key() + "' draws no noise, expected 'perturbed' or 'imle'");
        }
    }
}
