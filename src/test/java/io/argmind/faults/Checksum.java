package io.argmind.faults;

import io.argmind.rest.Http;
import io.argmind.rest.Http.Reply;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.concurrent.Flow;
import tools.jackson.databind.JsonNode;

/** Content-Digest (RFC 9530) by the definition of Adler-32 (RFC 1950), and bodies as bytes. */
final class Checksum {
    private static final int MODULUS = 65_521;

    private Checksum() {}

    static String header(byte[] body) {
        int a = 1;
        int b = 0;
        for (byte value : body) {
            a = (a + (value & 0xff)) % MODULUS;
            b = (b + a) % MODULUS;
        }
        byte[] sum = ByteBuffer.allocate(4).putInt(b << 16 | a).array();
        return "adler=:" + Base64.getEncoder().encodeToString(sum) + ":";
    }

    /** Whether an answer is what was sent, as far as it says. */
    static boolean agrees(Reply reply) {
        String header = reply.header("Content-Digest");
        return !header.startsWith("adler=") || header.equals(header(reply.body()));
    }

    /** The document in CBOR. */
    static byte[] body(JsonNode document) {
        BodyPublisher publisher = Http.body(document, Http.CBOR);
        byte[] bytes = new byte[(int) publisher.contentLength()];
        ByteBuffer into = ByteBuffer.wrap(bytes);
        publisher.subscribe(new Collector(into));
        return bytes;
    }

    /** Publishers of arrays deliver while they are asked. */
    private record Collector(ByteBuffer into) implements Flow.Subscriber<ByteBuffer> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer part) {
            into.put(part);
        }

        @Override
        public void onError(Throwable error) {
            throw new IllegalStateException(error);
        }

        @Override
        public void onComplete() {}
    }
}
