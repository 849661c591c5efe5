package io.argmind.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Sends one POST again and again over kept connections. The clients of libraries take as much
 * processor time for a request as a service takes to refuse it, and a generator of load that runs
 * beside the service should not be what is measured.
 */
final class LightClient implements AutoCloseable {
    private static final int LONGEST_HEAD = 1 << 14;

    private final int port;
    private final byte[] request;
    private final Deque<Line> idle = new ConcurrentLinkedDeque<>();

    /** One connection. */
    private record Line(Socket socket, InputStream in) {}

    /**
     * An answer.
     *
     * @param head status line and headers, in lower case
     */
    record Answer(int status, String head, String body) {
        /** The value of a header; empty if it is not there. */
        String header(String name) {
            return valueOf(head, name);
        }
    }

    LightClient(int port, String path, String json) {
        byte[] body = json.getBytes(UTF_8);
        String head =
                "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                        .formatted(path, body.length);
        this.port = port;
        this.request = (head + json).getBytes(UTF_8);
    }

    /** Sends it once more, and waits. Threads share the connections. */
    Answer send() throws IOException {
        Line line = idle.pollFirst();
        if (line == null) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            line = new Line(socket, new BufferedInputStream(socket.getInputStream()));
        }
        try {
            line.socket.getOutputStream().write(request);
            Answer answer = answer(line.in);
            if (answer.header("Connection").equals("close")) {
                line.socket.close();
            } else {
                idle.addFirst(line);
            }
            return answer;
        } catch (IOException e) {
            line.socket.close();
            throw e;
        }
    }

    private static Answer answer(InputStream in) throws IOException {
        String head = upTo("\r\n\r\n", in).toLowerCase(Locale.ROOT);
        byte[] body;
        if (valueOf(head, "transfer-encoding").equals("chunked")) {
            ByteArrayOutputStream chunks = new ByteArrayOutputStream();
            int size;
            do {
                size = Integer.parseInt(upTo("\r\n", in).strip(), 16);
                chunks.write(in.readNBytes(size));
                upTo("\r\n", in);
            } while (size > 0);
            body = chunks.toByteArray();
        } else {
            body = in.readNBytes(Integer.parseInt(valueOf(head, "content-length")));
        }
        return new Answer(Integer.parseInt(head.substring(9, 12)), head, new String(body, UTF_8));
    }

    private static String upTo(String end, InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
            int next = in.read();
            if (next < 0 || text.length() > LONGEST_HEAD) {
                throw new EOFException("the answer ended early, after " + text);
            }
            text.append((char) next);
        }
        return text.toString();
    }

    private static String valueOf(String head, String name) {
        String start = "\n" + name.toLowerCase(Locale.ROOT) + ":";
        int at = head.indexOf(start);
        return at < 0 ? "" : head.substring(at + start.length(), head.indexOf('\r', at)).strip();
    }

    @Override
    public void close() throws IOException {
        for (Line line = idle.pollFirst(); line != null; line = idle.pollFirst()) {
            line.socket.close();
        }
    }
}
