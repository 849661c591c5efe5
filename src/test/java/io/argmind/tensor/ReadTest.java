package io.argmind.tensor;

import static io.argmind.tensor.Documents.assertSame;
import static io.argmind.tensor.Documents.cbor;
import static io.argmind.tensor.Documents.json;
import static io.argmind.tensor.Documents.member;
import static io.argmind.tensor.Documents.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ReadTest {

    private static final double NAN = Double.NaN;
    private static final double INF = Double.POSITIVE_INFINITY;

    static Stream<Arguments> arrays() {
        return Stream.of(
                array("3", false, shape(), 3),
                array("-2.5e-3", false, shape(), -0.0025),
                array("[]", false, shape(0)),
                array("[[],[]]", false, shape(2, 0)),
                array("[[[]],[[]]]", false, shape(2, 1, 0)),
                array("[1,2.5]", false, shape(2), 1, 2.5),
                array("[[1,2,3],[4,5,6]]", false, shape(2, 3), 1, 2, 3, 4, 5, 6),
                array("[[[1],[2]],[[3],[4]]]", false, shape(2, 2, 1), 1, 2, 3, 4),
                array("[null]", true, shape(1), NAN),
                array("[1,null]", true, shape(2), 1, NAN),
                array("[null,1]", true, shape(2), NAN, 1),
                array("[[1,2],null]", true, shape(2, 2), 1, 2, NAN, NAN),
                array("[null,[1,2],null]", true, shape(3, 2), NAN, NAN, 1, 2, NAN, NAN),
                array("[[null,[1]],[[2],null]]", true, shape(2, 2, 1), NAN, 1, 2, NAN),
                array("[null,[]]", true, shape(2, 0)),
                array("[null,null]", true, shape(2), NAN, NAN),
                array("[\"Infinity\",\"-Infinity\"]", false, shape(2), INF, -INF),
                array("[0,\"-Infinity\"]", false, shape(2), 0, -INF),
                array("[[\"Infinity\"],[1]]", false, shape(2, 1), INF, 1),
                array("[-0.0,1e-400]", false, shape(2), -0.0, 0),
                array("[9007199254740993]", false, shape(1), 9007199254740992.0),
                array(
                        "[5e-324,1.7976931348623157e308]",
                        false,
                        shape(2),
                        Double.MIN_VALUE,
                        0x1.fffffffffffffp1023));
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void numbersBecomeOneTensor(String text, boolean hasNulls, int[] shape, double[] values) {
        assertSame(
                member(json("{\"x\": " + text + "}"), "x"),
                Tensor.of(shape, values, DataType.UNTYPED, hasNulls));
    }

    @Test
    void whatIsNotNumericStays() {
        Value document =
                json(
                        """
                        {"solver": "auto", "bound": "Infinity", "retain": true, "none": null,
                         "wrt": ["c", "b", "Infinity"], "flags": [true, false],
                         "cones": [{"type": "second-order", "dim": 3}, {"type": "psd", "dims": [2, 2]}],
                         "edges": [["s", "t"], ["t", "u"]], "o": {}, "😀é": "\\ud83d\\ude00"}
                        """);
        assertThat(member(document, "solver")).isEqualTo(new Value.Text("auto"));
        assertThat(member(document, "bound")).isEqualTo(new Value.Text("Infinity"));
        assertThat(member(document, "retain")).isEqualTo(new Value.Bool(true));
        assertThat(member(document, "none")).isEqualTo(new Value.Null());
        assertThat(member(document, "wrt")).isEqualTo(texts("c", "b", "Infinity"));
        assertThat(member(document, "flags"))
                .isEqualTo(new Value.Items(List.of(new Value.Bool(true), new Value.Bool(false))));
        assertThat(member(document, "edges"))
                .isEqualTo(new Value.Items(List.of(texts("s", "t"), texts("t", "u"))));
        assertThat(member(document, "😀é")).isEqualTo(new Value.Text("😀"));
        Value psd = ((Value.Items) member(document, "cones")).values().get(1);
        assertSame(tensor(psd, "dims"), Tensor.of(shape(2), new double[] {2, 2}));
        assertThat(((Value.Obj) document).members().keySet())
                .containsExactly(
                        "solver", "bound", "retain", "none", "wrt", "flags", "cones", "edges", "o",
                        "😀é");
    }

    @Test
    void oneArrayDoesNotLeakIntoTheNext() {
        Value document = json("{\"a\":[null,[1]],\"b\":[2],\"c\":[{\"d\":[3]},{\"d\":[4,5]}]}");
        assertSame(tensor(document, "b"), Tensor.of(shape(1), new double[] {2}));
        Value second = ((Value.Items) member(document, "c")).values().get(1);
        assertSame(tensor(second, "d"), Tensor.of(shape(2), new double[] {4, 5}));
    }

    @Test
    void streamsAndMarkedBodiesAreRead() throws IOException {
        DocumentReader reader = new DocumentReader(Limits.DEFAULT);
        byte[] text = "\ufeff{\"x\":[1]}".getBytes(StandardCharsets.UTF_8);
        byte[] binary = HexFormat.of().parseHex("a161788101");
        Tensor one = Tensor.of(shape(1), new double[] {1});
        assertSame(tensor(reader.readJson(new ByteArrayInputStream(text)), "x"), one);
        assertSame(tensor(reader.readCbor(new ByteArrayInputStream(binary)), "x"), one);
    }

    @Test
    void plainCborIsTheSameDocument() {
        // {"x": [[1, 2.5], null], "w": ["c"], "n": undefined}, indefinite lengths throughout
        Value document =
                cbor("d9d9f7 bf 6178 9f 9f01f94100ff f6 ff 6177 9f 7f6163ff ff 616e f7 ff");
        assertSame(
                tensor(document, "x"),
                Tensor.of(shape(2, 2), new double[] {1, 2.5, NAN, NAN}, DataType.UNTYPED, true));
        assertThat(member(document, "w")).isEqualTo(texts("c"));
        assertThat(member(document, "n")).isEqualTo(new Value.Null());
    }

    @Test
    void typedRowsMakeOneTensor() {
        Value document = cbor("a1 6178 83 d840420102 f6 d840420304");
        assertSame(
                tensor(document, "x"),
                Tensor.of(
                        shape(3, 2), new double[] {1, 2, NAN, NAN, 3, 4}, DataType.INTEGER, true));
    }

    @Test
    void typedBytesMayComeInChunks() {
        Value document = cbor("a1 6178 d841 5f 4100 430100ff 40 ff");
        assertSame(
                tensor(document, "x"),
                Tensor.of(shape(2), new double[] {1, 255}, DataType.INTEGER));
    }

    private static Value.Items texts(String... texts) {
        return new Value.Items(Stream.of(texts).<Value>map(Value.Text::new).toList());
    }

    private static int[] shape(int... axes) {
        return axes;
    }

    private static Arguments array(String text, boolean hasNulls, int[] shape, double... values) {
        return Arguments.of(text, hasNulls, shape, values);
    }
}
