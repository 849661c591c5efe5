package io.argmind.tensor;

import static io.argmind.tensor.Documents.cbor;
import static io.argmind.tensor.Documents.document;
import static io.argmind.tensor.Documents.tensor;
import static io.argmind.tensor.Documents.writtenCbor;
import static io.argmind.tensor.Documents.writtenJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WriteTest {

    private static final double NAN = Double.NaN;

    static Stream<Arguments> tensors() {
        return Stream.of(
                json("0.1", Tensor.scalar(0.1)),
                json("1.0", Tensor.scalar(1)),
                json("null", Tensor.scalar(NAN)),
                json("4.9E-324", Tensor.scalar(Double.MIN_VALUE)),
                json("0.30000000000000004", Tensor.scalar(0.1 + 0.2)),
                json("null", Tensor.scalar(Double.NEGATIVE_INFINITY)),
                json("[]", typed(DataType.FLOAT64, shape(0))),
                json("[[],[]]", typed(DataType.FLOAT64, shape(2, 0))),
                json("[]", typed(DataType.FLOAT64, shape(0, 3))),
                json("[[1.0,2.0],[3.0,null]]", typed(DataType.FLOAT64, shape(2, 2), 1, 2, 3, NAN)),
                json("[[[1.0]],[[2.0]]]", typed(DataType.UNTYPED, shape(2, 1, 1), 1, 2)),
                json(
                        "[0.1,3.4028235E38]",
                        typed(DataType.FLOAT32, shape(2), 0.1f, Float.MAX_VALUE)),
                json("[null,0.33333334]", typed(DataType.FLOAT32, shape(2), 1e300, 1 / 3.0)),
                json("[3,-4,0]", typed(DataType.INTEGER, shape(3), 3, -4, 0)),
                json("[9007199254740992,null]", typed(DataType.INTEGER, shape(2), 0x1p53, NAN)),
                json("7", typed(DataType.INTEGER, shape(), 7)));
    }

    static Stream<Arguments> missing() {
        Tensor rows = typed(DataType.FLOAT64, shape(2, 2), 1, 2, 3, 4);
        Tensor vector = typed(DataType.INTEGER, shape(3), 1, 2, 3);
        return Stream.of(
                lacks("[[1.0,2.0],null]", rows.withMissing(flags(false, true)), 1, 2, NAN, NAN),
                lacks("[null,null]", rows.withMissing(flags(true, true)), NAN, NAN, NAN, NAN),
                lacks("null", rows.withMissing(flags(true)), NAN, NAN, NAN, NAN),
                lacks("[[1.0,2.0],[3.0,4.0]]", rows.withMissing(flags(false)), 1, 2, 3, 4),
                lacks("[1,null,3]", vector.withMissing(flags(false, true, false)), 1, NAN, 3),
                lacks("null", vector.withMissing(flags(true)), NAN, NAN, NAN),
                lacks("null", Tensor.scalar(1).withMissing(flags(true)), NAN),
                lacks("1.0", Tensor.scalar(1).withMissing(flags(false)), 1),
                lacks(
                        "[null]",
                        typed(DataType.FLOAT64, shape(1, 2), 1, 2).withMissing(flags(true)),
                        NAN,
                        NAN),
                lacks(
                        "[null,[]]",
                        typed(DataType.FLOAT64, shape(2, 0)).withMissing(flags(true, false))));
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void jsonNumbersAreShortAndExact(String expected, Tensor tensor) {
        assertThat(writtenJson(document(tensor))).isEqualTo("{\"x\":" + expected + "}");
    }

    @ParameterizedTest
    @MethodSource("missing")
    void missingRowsAreNullInJsonAndNaNInCbor(String expected, Tensor tensor, double[] values) {
        assertThat(writtenJson(document(tensor))).isEqualTo("{\"x\":" + expected + "}");
        Tensor read = tensor(cbor(writtenCbor(document(tensor))), "x");
        assertThat(read.values()).containsExactly(values);
        assertThat(read.shape()).containsExactly(tensor.shape());
    }

    @Test
    void everyKindOfValue() {
        Value items =
                new Value.Items(
                        List.of(
                                new Value.Text("a\"\n😀"),
                                new Value.Bool(true),
                                new Value.Bool(false),
                                new Value.Null(),
                                new Value.Items(List.of()),
                                document(new Value.Text(""))));
        assertThat(writtenJson(document(items)))
                .isEqualTo("{\"x\":[\"a\\\"\\n😀\",true,false,null,[],{\"x\":\"\"}]}");
        Value read = Documents.member(cbor(writtenCbor(document(items))), "x");
        assertThat(((Value.Items) read).values().subList(0, 4))
                .isEqualTo(((Value.Items) items).values().subList(0, 4));
    }

    @Test
    void theStreamIsLeftOpenAndItsFailureIsItsOwn() throws IOException {
        OutputStream broken =
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("gone");
                    }

                    @Override
                    public void close() {
                        throw new IllegalStateException("closed");
                    }
                };
        DocumentWriter writer = new DocumentWriter();
        Value document = document(Tensor.scalar(1));
        assertThatThrownBy(() -> writer.writeJson(document, broken))
                .isExactlyInstanceOf(IOException.class);
        assertThatThrownBy(() -> writer.writeCbor(document, broken))
                .isExactlyInstanceOf(IOException.class);
    }

    @Test
    void aTensorMustHoldItsEntries() {
        assertThatThrownBy(() -> Tensor.of(shape(2, 2), new double[3]))
                .hasMessageContaining("shape (2, 2) does not hold 3 entries");
        assertThatThrownBy(() -> Tensor.of(shape(3), new double[3]).withMissing(flags(true, true)))
                .hasMessageContaining("2 flags for the rows of shape (3,)");
    }

    private static Arguments json(String text, Tensor tensor) {
        return Arguments.of(text, tensor);
    }

    private static Arguments lacks(String text, Tensor tensor, double... values) {
        return Arguments.of(text, tensor, values);
    }

    private static Tensor typed(DataType type, int[] shape, double... values) {
        return Tensor.of(shape, values, type);
    }

    private static int[] shape(int... axes) {
        return axes;
    }

    private static boolean[] flags(boolean... flags) {
        return flags;
    }
}
