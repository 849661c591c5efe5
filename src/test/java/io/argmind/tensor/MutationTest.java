package io.argmind.tensor;

import static io.argmind.tensor.Documents.writtenCbor;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever arrives is either a document or refused in words for people. */
class MutationTest {

    private static final int BODIES = 100_000;

    /** What only programmers say. */
    private static final Pattern JARGON =
            Pattern.compile(
                    "[a-z]\\.[a-z]+\\.[A-Z]|Exception|jackson|ALLOW_|Feature|Source|\\[L|`");

    private static final List<String> TEXTS =
            List.of(
                    """
                    {"problem": {"P": [[2.5, 0], [0, 1e-3]], "c": [-1, 2], "lb": ["-Infinity", null],
                      "A": {"format": "coo", "shape": [2, 2], "rows": [0, 1], "values": [[1, 2], null]}},
                     "solver": "auto", "retain": true, "wrt": ["c", "b"], "é\\u00e9": null}
                    """,
                    "{\"cones\":[{\"type\":\"psd\",\"dim\":3},{}],\"e\":[[],[]],\"t\":0.1,\"f\":false}");

    private static final List<String> BINARIES =
            List.of(
                    "a26770726f626c656da26163850121fb4004000000000000f6f97c006141d82882820203d8563"
                            + "0000000000000f03f000000000000004066736f6c766572646175746f",
                    "bf6141d82882820202d84644010203046142d90410828202018201f661639f9f01f5ffff"
                            + "61647f61616162ff6165d8555f44000000003fff616681d8504400003c00ff");

    private final Random random = new Random(8746);

    @Test
    void json() {
        List<byte[]> seeds =
                TEXTS.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
        DocumentReader reader = new DocumentReader(Limits.DEFAULT);
        mutate(seeds, body -> reader.readJson(body, 0, body.length));
    }

    @Test
    void cbor() {
        List<byte[]> seeds =
                Stream.concat(
                                BINARIES.stream().map(HexFormat.of()::parseHex),
                                TEXTS.stream().map(text -> writtenCbor(Documents.json(text))))
                        .toList();
        DocumentReader reader = new DocumentReader(Limits.DEFAULT);
        mutate(seeds, body -> reader.readCbor(body, 0, body.length));
        mutate(seeds, Documents::dripping);
    }

    private interface Read {
        Value apply(byte[] body);
    }

    private void mutate(List<byte[]> seeds, Read read) {
        int refused = 0;
        for (int i = 0; i < BODIES; i++) {
            byte[] body = mutant(seeds.get(i % seeds.size()));
            try {
                Value document = read(read, body);
                if (document == null) {
                    refused++;
                } else {
                    assertThat(Documents.writtenJson(document)).doesNotContain("NaN");
                    Documents.cbor(writtenCbor(document));
                }
            } catch (RuntimeException | Error e) {
                throw new AssertionError(HexFormat.of().formatHex(body), e);
            }
        }
        assertThat(refused).isBetween(BODIES / 4, BODIES - 1);
    }

    private static @Nullable Value read(Read read, byte[] body) {
        try {
            return read.apply(body);
        } catch (MalformedDocumentException e) {
            if (e.detail().isBlank() || JARGON.matcher(e.detail()).find()) {
                throw new AssertionError(e.detail(), e);
            }
            return null;
        }
    }

    private byte[] mutant(byte[] seed) {
        byte[] body = seed.clone();
        for (int flips = random.nextInt(4); flips >= 0; flips--) {
            int at = random.nextInt(body.length);
            switch (random.nextInt(4)) {
                case 0 -> body[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> body[at] = (byte) random.nextInt(256);
                case 2 -> body = Arrays.copyOf(body, Math.max(1, at));
                default -> body[at] = body[random.nextInt(body.length)];
            }
        }
        return body;
    }
}
