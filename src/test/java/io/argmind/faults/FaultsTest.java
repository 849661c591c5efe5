package io.argmind.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.faults.Fault.Kind;
import io.argmind.rest.Http;
import io.argmind.rest.Http.Reply;
import io.argmind.rest.Ledger;
import io.argmind.rest.Service;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * A network that delays, cuts, drips and damages: the client has the right answer or an error,
 * never a wrong answer, and the service is afterwards what it was before.
 */
class FaultsTest {
    private static final int INSTANCES = 400;
    private static final int AT_ONCE = 8;
    private static final Service SERVICE =
            Service.start(
                    "--argmind.solver.threads=2",
                    "--argmind.limits.requests=64",
                    "--server.tomcat.connection-timeout=2s",
                    "--server.tomcat.keep-alive-timeout=2s");
    private static final byte[] BODY = Checksum.body(problem());
    private static final JsonNode RIGHT = exchange(new Http(SERVICE.port()), true).json().path("x");

    /** What a client sees of one request. */
    enum Seen {
        RIGHT,
        REFUSED,
        BROKEN,
        WRONG
    }

    @AfterAll
    static void stop() {
        SERVICE.close();
    }

    /** The instance k of a ranking has its answer among {@value #INSTANCES} others. */
    private static JsonNode problem() {
        SplittableRandom random = new SplittableRandom(5);
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < INSTANCES; i++) {
            rows.add(random.doubles(6).boxed().toList().toString());
        }
        return Http.quoted(
                "{'problem': {'type': 'ranking', 'cost': " + rows + "}, 'retain': false}");
    }

    private static Reply exchange(Http http, boolean withSum) {
        HttpRequest.Builder request =
                http.request("/solve")
                        .timeout(Duration.ofSeconds(6))
                        .header("Content-Type", Http.CBOR)
                        .header("Accept", Http.CBOR)
                        .header("X-Server-Timeout", "4")
                        .POST(BodyPublishers.ofByteArray(BODY));
        return http.send(
                withSum
                        ? request.header("Content-Digest", Checksum.header(BODY))
                                .header("Want-Content-Digest", "adler=1")
                        : request);
    }

    /** One request through a fault of its own. */
    private static Seen send(Fault fault, boolean withSum) throws IOException {
        try (FaultProxy proxy = new FaultProxy(SERVICE.port(), fault)) {
            Reply reply = exchange(new Http(proxy.port()), withSum);
            if (withSum && !Checksum.agrees(reply)) {
                return Seen.BROKEN;
            }
            if (reply.status() != 200) {
                return Seen.REFUSED;
            }
            return reply.json().path("x").equals(RIGHT) ? Seen.RIGHT : Seen.WRONG;
        } catch (UncheckedIOException | IllegalArgumentException e) {
            return Seen.BROKEN; // the client's library says so, or the answer is unreadable
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            return Seen.BROKEN;
        }
    }

    private static Map<Seen, Integer> sendAll(List<Fault> faults, boolean withSum)
            throws Exception {
        Map<Seen, Integer> seen = new EnumMap<>(Seen.class);
        try (ExecutorService clients = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<Seen>> all = new ArrayList<>();
            for (Fault fault : faults) {
                all.add(clients.submit(() -> send(fault, withSum)));
            }
            for (Future<Seen> one : all) {
                seen.merge(one.get(), 1, Integer::sum);
            }
        }
        return seen;
    }

    /** At the beginning, in the head, and in the body, of requests and of answers. */
    private static List<Fault> faults(Kind kind, int count) {
        SplittableRandom random = new SplittableRandom(kind.name().hashCode());
        List<Fault> faults = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            int at = k < 2 ? 0 : random.nextInt(k % 4 < 2 ? 300 : BODY.length);
            faults.add(new Fault(kind, k % 2 == 0, at));
        }
        return faults;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anErrorOrTheRightAnswer(Kind kind) throws Exception {
        Footprint before = Footprint.of(SERVICE.port());
        Map<Seen, Integer> seen = sendAll(faults(kind, 24), true);
        assertThat(seen).as("%s", kind).doesNotContainKey(Seen.WRONG);
        if (kind == Kind.LATENCY || kind == Kind.DRIP) {
            assertThat(seen).containsOnlyKeys(Seen.RIGHT);
        } else {
            assertThat(seen).containsKey(Seen.BROKEN);
        }
        Ledger.settle(SERVICE);
        before.requireAgain(SERVICE.port());
        assertThat(exchange(new Http(SERVICE.port()), true).json().path("x")).isEqualTo(RIGHT);
    }

    /**
     * The control: without sums, some flips make another problem of a problem, and show as such.
     */
    @Test
    void withoutSumsDamageIsNotSeen() throws Exception {
        List<Fault> flips = new ArrayList<>();
        for (int k = 0; k < 16; k++) {
            flips.add(new Fault(Kind.FLIP, false, BODY.length / 2 + 8 * k));
        }
        assertThat(sendAll(flips, false)).containsKey(Seen.WRONG);
        assertThat(sendAll(flips, true)).doesNotContainKey(Seen.WRONG);
    }
}
