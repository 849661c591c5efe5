package io.argmind.tensor;

import static io.argmind.tensor.Documents.document;
import static io.argmind.tensor.Documents.dripping;
import static io.argmind.tensor.Documents.tensor;
import static io.argmind.tensor.Documents.writtenCbor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * CBOR that is decoded while it arrives; {@link Documents#cbor} reads every other document so, too.
 */
class StreamTest {

    private final DocumentReader reader = new DocumentReader(Limits.DEFAULT);

    /** Several times what the reader holds at once, and elements cut in two by every read. */
    @Test
    void aLargeArrayArrivesInPieces() {
        double[] values = IntStream.range(0, 60_000).mapToDouble(i -> Math.sin(i)).toArray();
        byte[] body = writtenCbor(document(Tensor.of(new int[] {60, 1000}, values)));
        Tensor read = tensor(dripping(body), "x");
        assertThat(read.shape()).containsExactly(60, 1000);
        assertThat(read.values()).containsExactly(values);
        assertThat(read.finite()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 9_999, 19_999, 20_002})
    void aNumberThatIsNotFiniteIsNoticed(int place) {
        for (double odd : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
            double[] values = new double[20_003];
            Arrays.fill(values, Double.MAX_VALUE);
            values[place] = odd;
            byte[] body = writtenCbor(document(Tensor.of(new int[] {values.length}, values)));
            assertThat(tensor(dripping(body), "x").finite()).isFalse();
            assertThat(tensor(reader.readCbor(body, 0, body.length), "x").finite()).isFalse();
        }
    }

    @Test
    void aStreamThatEndsBeforeTheBodyIsNoDocument() {
        byte[] body = writtenCbor(document(Tensor.of(new int[] {9}, new double[9])));
        for (int length = 0; length < body.length; length++) {
            byte[] part = Arrays.copyOf(body, length);
            assertThatThrownBy(() -> reader.readCbor(new ByteArrayInputStream(part), body.length))
                    .isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aLengthThatTheBodyCannotHaveIsRefusedBeforeAnythingIsAllocated() {
        // {"x": a float64 array of 2^31 - 8 bytes}
        byte[] body = {(byte) 0xa1, 0x61, 0x78, (byte) 0xd8, 0x56, 0x5a, 0x7f, -1, -1, -8, 0};
        assertThatThrownBy(() -> reader.readCbor(new ByteArrayInputStream(body), body.length))
                .isInstanceOf(MalformedDocumentException.class);
    }
}
