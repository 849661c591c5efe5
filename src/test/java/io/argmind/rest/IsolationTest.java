package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is wrong with one instance of a batch changes no bit of the others. */
class IsolationTest {
    private static final Http HTTP = Service.shared().http();
    private static final int SIZE = 64;
    private static final int N = 4;
    private static final int INFEASIBLE = 20;
    private static final int UNBOUNDED = 41;

    private record Instance(String P, String c, String G, String h, String upstream) {}

    private record Answers(JsonNode forward, JsonNode backward) {}

    /** min 1/2 x'Px + c'x over G x &lt;= h, x >= 0 with one row in G. */
    private static List<Instance> instances() {
        SplittableRandom random = new SplittableRandom(7);
        List<Instance> all = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            boolean unbounded = i == UNBOUNDED;
            all.add(
                    new Instance(
                            diagonal(unbounded ? "[0,0,0,0]" : vector(random, 0.5, 2)),
                            vector(random, -1, unbounded ? -0.5 : 1),
                            unbounded ? "[[-1,-1,-1,-1]]" : "[" + vector(random, 0.5, 1.5) + "]",
                            i == INFEASIBLE ? "[-1]" : "[" + random.nextDouble(1, 2) + "]",
                            vector(random, -1, 1)));
        }
        return all;
    }

    private static String vector(SplittableRandom random, double from, double to) {
        return IntStream.range(0, N).mapToObj(k -> random.nextDouble(from, to)).toList().toString();
    }

    private static String diagonal(String vector) {
        JsonNode entries = Http.parse(vector);
        List<List<Double>> rows = new ArrayList<>();
        for (int r = 0; r < N; r++) {
            List<Double> row = new ArrayList<>();
            for (int k = 0; k < N; k++) {
                row.add(r == k ? entries.get(k).asDouble() : 0);
            }
            rows.add(row);
        }
        return rows.toString();
    }

    private static String batch(List<Instance> all, Function<Instance, String> part) {
        return all.stream().map(part).toList().toString();
    }

    private static Answers run(List<Instance> all, boolean quadratic) {
        String problem =
                "{"
                        + (quadratic ? "'P': " + batch(all, Instance::P) + ", " : "")
                        + "'c': "
                        + batch(all, Instance::c)
                        + ", 'G': "
                        + batch(all, Instance::G)
                        + ", 'h': "
                        + batch(all, Instance::h)
                        + ", 'lb': [0, 0, 0, 0]}";
        Reply forward = HTTP.post("/solve", "{'problem': " + problem + "}");
        assertThat(forward.status()).as(forward.text()).isEqualTo(200);
        Reply backward =
                HTTP.post(
                        "/lpgd-backward",
                        "{'solve': {'id': "
                                + forward.json().path("id")
                                + "}, 'gradient': {'x': "
                                + batch(all, Instance::upstream)
                                + "}, 'tau': 0.5}");
        assertThat(backward.status()).as(backward.text()).isEqualTo(200);
        return new Answers(forward.json(), backward.json());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOthersAreTheSameBitForBit(boolean quadratic) {
        List<Instance> all = instances();
        List<Instance> good = new ArrayList<>(all);
        good.remove(UNBOUNDED);
        good.remove(INFEASIBLE);

        Answers mixed = run(all, quadratic);
        Answers clean = run(good, quadratic);

        JsonNode status = mixed.forward.path("status");
        assertThat(status.get(INFEASIBLE).asString()).isEqualTo("infeasible");
        assertThat(status.get(UNBOUNDED).asString()).isEqualTo("unbounded");
        assertThat(clean.forward.path("status")).allMatch(s -> s.asString().equals("optimal"));
        JsonNode gradients = mixed.backward.path("gradients");
        int k = 0;
        for (int i = 0; i < SIZE; i++) {
            if (i == INFEASIBLE || i == UNBOUNDED) {
                assertThat(mixed.backward.path("status").get(i).asString())
                        .isEqualTo("forward-failed");
                continue;
            }
            for (String name : List.of("status", "x", "y", "z", "s", "z_box", "objective")) {
                assertThat(mixed.forward.path(name).get(i))
                        .as("%s of %d", name, i)
                        .isEqualTo(clean.forward.path(name).get(k));
            }
            for (String name : quadratic ? List.of("P", "c", "G", "h") : List.of("c", "G", "h")) {
                assertThat(gradients.path(name).get(i))
                        .as("gradient of %s of %d", name, i)
                        .isEqualTo(clean.backward.path("gradients").path(name).get(k));
            }
            k++;
        }
        // the shared bound's gradient is a sum, to which instances without a solution add nothing
        assertThat(gradients.path("lb")).isEqualTo(clean.backward.path("gradients").path("lb"));
    }

    /** An instance has the same answer alone and in a batch, whichever chunk it lands in. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aloneAndTogether(boolean quadratic) {
        List<Instance> all = instances();
        Answers together = run(all, quadratic);
        for (int i : new int[] {0, 1, 33, 63}) {
            Answers alone = run(List.of(all.get(i)), quadratic);
            assertThat(alone.forward.path("x").get(0)).isEqualTo(together.forward.path("x").get(i));
            assertThat(alone.backward.path("gradients").path("c").get(0))
                    .isEqualTo(together.backward.path("gradients").path("c").get(i));
        }
    }
}
