package io.argmind.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.dispatch.Admission;
import io.argmind.rest.Http;
import io.argmind.rest.Ledger;
import io.argmind.rest.Metrics;
import io.argmind.rest.Service;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Clients that send or read as slowly as they can do not keep others out for longer than a
 * deadline.
 */
class SlowClientsTest {
    private static final int PLACES = 4;
    private static final Service SERVICE =
            Service.start(
                    "--argmind.solver.threads=2",
                    "--argmind.limits.requests=" + PLACES,
                    "--server.tomcat.connection-timeout=1s");
    private static final String GOOD = "{'problem': {'c': [1, 2], 'lb': 0}}";

    @AfterAll
    static void stop() {
        SERVICE.close();
    }

    private static Socket connect(String type, int length) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), SERVICE.port());
        socket.setSoTimeout(20_000);
        send(
                socket,
                "POST /solve HTTP/1.1\r\nHost: localhost\r\nX-Server-Timeout: 3\r\nAccept: application/json\r\n"
                        + ("Content-Type: " + type + "\r\nContent-Length: " + length)
                        + "\r\n\r\n");
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static long held() {
        return SERVICE.bean(Admission.class).inFlight();
    }

    /** Whether the service answers, though all of its places have been taken at first. */
    private static void requireFreeWithin(double seconds) throws InterruptedException {
        long end = System.nanoTime() + (long) (1e9 * seconds);
        Http http = SERVICE.http();
        while (http.post("/solve", GOOD).status() != 200) {
            assertThat(System.nanoTime()).as("still full").isLessThan(end);
            Thread.sleep(50);
        }
    }

    /** A byte now and then is never a silence, so no time limit on reads ends it. */
    @Test
    void drippingBodiesEndAtTheirDeadline() throws Exception {
        for (String type : new String[] {Http.JSON, Http.CBOR}) {
            List<Socket> slow = new ArrayList<>();
            for (int k = 0; k < PLACES; k++) {
                Socket socket = connect(type, 100_000);
                slow.add(socket);
                Thread.ofVirtual().start(() -> drip(socket, type));
            }
            awaitHeld(PLACES);
            requireFreeWithin(10);
            for (Socket socket : slow) {
                assertThat(firstLine(socket)).isEqualTo("HTTP/1.1 504 ");
                socket.close();
            }
            Ledger.settle(SERVICE);
        }
    }

    private static void awaitHeld(int places) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (held() < places) {
            assertThat(System.nanoTime()).as("never so many").isLessThan(end);
            Thread.sleep(10);
        }
    }

    private static void drip(Socket socket, String type) {
        try {
            // a list that goes on
            send(socket, type.equals(Http.JSON) ? "{\"a\": [1" : "\u00bfaa\u009f\u0001");
            while (true) {
                send(socket, type.equals(Http.JSON) ? ",1" : "\u0001");
                Thread.sleep(100);
            }
        } catch (IOException e) {
            // it has been closed
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String firstLine(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = socket.getInputStream().read();
        while (next >= 0 && next != '\r') {
            line.append((char) next);
            next = socket.getInputStream().read();
        }
        return line.toString();
    }

    /** More than the buffers between them hold is asked for, and not read. */
    @Test
    void answersThatNobodyReadsAreGivenUp() throws Exception {
        String row = "[" + "1,".repeat(299) + "1]";
        String body =
                "{\"problem\": {\"type\": \"ranking\", \"cost\": ["
                        + (row + ",").repeat(4095)
                        + row
                        + "]}, \"retain\": false}";
        List<Socket> mute = new ArrayList<>();
        for (int k = 0; k < PLACES; k++) {
            Socket socket = connect(Http.JSON, body.length());
            send(socket, body);
            mute.add(socket);
        }
        requireFreeWithin(30);
        Ledger.settle(SERVICE);
        for (Socket socket : mute) {
            socket.close();
        }
    }

    /** A body that stops, and a client that leaves without its answer. */
    @Test
    void clientsThatGoAreCountedAsGone() throws Exception {
        double before = cancelled();
        try (Socket socket = connect(Http.JSON, 1000)) {
            send(socket, "{\"problem\": ");
            awaitHeld(1);
            socket.setSoLinger(true, 0);
        }
        Ledger.settle(SERVICE);
        assertThat(cancelled()).isEqualTo(before + 1);
        try (Socket silent = connect(Http.CBOR, 1000)) {
            assertThat(firstLine(silent)).isEqualTo("HTTP/1.1 400 ");
        }
        Ledger.settle(SERVICE);
        assertThat(cancelled()).isEqualTo(before + 2);
    }

    private static double cancelled() {
        return new Metrics(SERVICE).sum("argmind_requests_ended_total", "outcome=\"cancelled\"");
    }
}
