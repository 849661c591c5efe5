package io.argmind.solver.interior;

import io.argmind.linalg.Lanes;
import io.argmind.linalg.StoppedException;
import io.argmind.problem.Program;
import io.argmind.solution.Claim;
import io.argmind.solution.Status;
import io.argmind.solver.Direction;
import io.argmind.solver.Limits;
import io.argmind.solver.Line;
import io.argmind.solver.Session;
import io.argmind.solver.WarmStart;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine at work on one thread. Between two calls it holds no group, and never waits for memory
 * while it does.
 */
final class InteriorSession implements Session {
    private final Groups groups;
    private final SingleSolve single;
    private WeakReference<LaneGroup> last = new WeakReference<>(null);
    private volatile boolean cancelled;

    InteriorSession(Groups groups, SingleSolve single) {
        this.groups = groups;
        this.single = single;
    }

    @Override
    public Claim solve(Program program, @Nullable WarmStart warm, Limits limits) {
        return solveAll(List.of(program), Collections.singletonList(warm), () -> limits).getFirst();
    }

    @Override
    public List<Claim> solveAll(
            List<Program> programs, List<@Nullable WarmStart> warm, Supplier<Limits> limits) {
        cancelled = false;
        if (!groups.haveLanes(programs.getFirst())) {
            return oneByOne(programs, warm, limits);
        }
        List<Claim> claims = inLanes(programs, warm, limits);
        for (int i = 0; i < claims.size(); i++) {
            if (claims.get(i).status() == Status.NUMERICAL_ERROR) {
                claims.set(i, polished(programs.get(i), limits.get()));
            }
        }
        return claims;
    }

    private List<Claim> inLanes(
            List<Program> programs, List<@Nullable WarmStart> warm, Supplier<Limits> limits) {
        List<Claim> claims = new ArrayList<>();
        try (Groups.Lent lent = lent(Structure.of(programs), limits.get())) {
            for (int from = 0; from < programs.size(); from += Lanes.WIDTH) {
                int to = Math.min(from + Lanes.WIDTH, programs.size());
                Limits these = limits.get();
                claims.addAll(
                        Arrays.asList(
                                lent.group()
                                        .solve(
                                                programs.subList(from, to),
                                                warm.subList(from, to),
                                                these.tolerance(),
                                                these.maxIterations(),
                                                stopped(these))));
            }
        } catch (StoppedException e) {
            Claim none = Claim.none(Status.TIME_LIMIT, 0, e.getMessage());
            return new ArrayList<>(Collections.nCopies(programs.size(), none));
        }
        return claims;
    }

    private BooleanSupplier stopped(Limits limits) {
        return () -> cancelled || limits.isOver();
    }

    private Groups.Lent lent(Structure structure, Limits limits) {
        Groups.Lent lent = groups.take(structure, last.get(), stopped(limits));
        last = new WeakReference<>(lent.group());
        return lent;
    }

    /** What the lanes got stuck on, solved alone; they may still be able to finish it. */
    private Claim polished(Program program, Limits limits) {
        Claim claim = alone(program, null, limits);
        double[] x = claim.x();
        if (claim.status() != Status.OPTIMAL || x == null) {
            return claim;
        }
        WarmStart point = new WarmStart(x, claim.y(), claim.z(), claim.zBox());
        try (Groups.Lent lent = lent(Structure.of(List.of(program)), limits)) {
            Claim polished = lent.group().polish(program, point, stopped(limits));
            return polished == null ? claim : polished;
        } catch (StoppedException e) {
            return claim;
        }
    }

    private List<Claim> oneByOne(
            List<Program> programs, List<@Nullable WarmStart> warm, Supplier<Limits> limits) {
        List<Claim> claims = new ArrayList<>();
        for (int i = 0; i < programs.size(); i++) {
            claims.add(alone(programs.get(i), warm.get(i), limits.get()));
        }
        return claims;
    }

    private Claim alone(Program program, @Nullable WarmStart warm, Limits limits) {
        return single.solve(program, warm, limits, () -> cancelled);
    }

    @Override
    public List<Claim> solveAlong(List<Line> lines, double[] sigma, Supplier<Limits> limits) {
        cancelled = false;
        if (!groups.haveLanes(lines.getFirst().program())) {
            return Session.super.solveAlong(lines, sigma, limits);
        }
        @Nullable Claim[] claims = new Claim[lines.size()];
        List<Program> open = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        Sides sides = new Sides(lines, sigma);
        try (Groups.Lent lent = lent(structure(lines), limits.get())) {
            for (int from = 0; from < sides.count(); from += Lanes.WIDTH) {
                int to = Math.min(from + Lanes.WIDTH, sides.count());
                double[][] asked = sides.sigmas(from, to);
                @Nullable Claim[][] found =
                        lent.group().along(sides.lines(from, to), asked, stopped(limits.get()));
                for (int k = 0; k < found.length; k++) {
                    for (int l = 0; l < found[k].length; l++) {
                        if (!Double.isNaN(asked[k][l])) {
                            int place = sides.place(from + l, k);
                            claims[place] = found[k][l];
                            if (found[k][l] == null) {
                                places.add(place);
                                open.add(lines.get(place).at(sigma[place]));
                            }
                        }
                    }
                }
            }
        } catch (StoppedException e) {
            return Collections.nCopies(
                    lines.size(), Claim.none(Status.TIME_LIMIT, 0, e.getMessage()));
        }
        if (!open.isEmpty()) {
            List<Claim> rest = solveAll(open, Collections.nCopies(open.size(), null), limits);
            for (int i = 0; i < rest.size(); i++) {
                claims[places.get(i)] = rest.get(i);
            }
        }
        return Arrays.asList(claims);
    }

    @Override
    public List<@Nullable Direction> directions(List<Line> lines, Supplier<Limits> limits) {
        cancelled = false;
        if (!groups.haveLanes(lines.getFirst().program())) {
            return Session.super.directions(lines, limits);
        }
        List<@Nullable Direction> directions = new ArrayList<>();
        try (Groups.Lent lent = lent(structure(lines), limits.get())) {
            for (int from = 0; from < lines.size(); from += Lanes.WIDTH) {
                int to = Math.min(from + Lanes.WIDTH, lines.size());
                directions.addAll(Arrays.asList(lent.group().directions(lines.subList(from, to))));
            }
        } catch (StoppedException e) {
            return Session.super.directions(lines, limits);
        }
        return directions;
    }

    private static Structure structure(List<Line> lines) {
        return Structure.of(lines.stream().map(Line::program).toList());
    }

    /** Requests sorted by line: which places in the list ask for the same one. */
    private static final class Sides {
        private final List<Line> lines = new ArrayList<>();
        private final List<List<Integer>> places = new ArrayList<>();
        private final double[] sigma;

        Sides(List<Line> all, double[] sigma) {
            this.sigma = sigma;
            for (int i = 0; i < all.size(); i++) {
                if (i == 0 || !all.get(i).equals(all.get(i - 1))) {
                    lines.add(all.get(i));
                    places.add(new ArrayList<>());
                }
                places.getLast().add(i);
            }
        }

        int count() {
            return lines.size();
        }

        List<Line> lines(int from, int to) {
            return lines.subList(from, to);
        }

        int place(int line, int side) {
            return places.get(line).get(side);
        }

        double[][] sigmas(int from, int to) {
            int most = places.subList(from, to).stream().mapToInt(List::size).max().orElse(0);
            double[][] out = new double[most][to - from];
            for (int k = 0; k < most; k++) {
                for (int l = 0; l < to - from; l++) {
                    List<Integer> at = places.get(from + l);
                    out[k][l] = k < at.size() ? sigma[at.get(k)] : Double.NaN;
                }
            }
            return out;
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
    }

    @Override
    public void close() {
        // holds nothing
    }
}
