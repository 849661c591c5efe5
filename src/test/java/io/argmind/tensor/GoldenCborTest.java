package io.argmind.tensor;

import static io.argmind.tensor.Documents.assertSame;
import static io.argmind.tensor.Documents.cbor;
import static io.argmind.tensor.Documents.hex;
import static io.argmind.tensor.Documents.member;
import static io.argmind.tensor.Documents.tensor;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Bytes that other implementations wrote. Where nothing else is said: Python's cbor2 6.3.0, {@code
 * cbor2.dumps({"c": CBORTag(tag, struct.pack(format, *values))})}.
 */
class GoldenCborTest {

    private static final double[] COUNTING = {1, 2, 3, 4, 5, 6};

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    INTEGER | 0 1 2 127 128 255           | a16163d840460001027f80ff
                    INTEGER | 1 256 65535                 | a16163d8414600010100ffff
                    INTEGER | 1 65536 4294967295          | a16163d8424c0000000100010000ffffffff
                    INTEGER | 1 9007199254740992          | a16163d8435000000000000000010020000000000000
                    INTEGER | 0 1 255                     | a16163d844430001ff
                    INTEGER | 1 256 65535                 | a16163d8454601000001ffff
                    INTEGER | 1 65536 4294967295          | a16163d8464c0100000000000100ffffffff
                    INTEGER | 1 9007199254740992 18446744073709551615 | a16163d847581801000000000000000000000000002000ffffffffffffffff
                    INTEGER | -128 -1 127                 | a16163d8484380ff7f
                    INTEGER | -32768 -1 32767             | a16163d849468000ffff7fff
                    INTEGER | -2147483648 -1 2147483647   | a16163d84a4c80000000ffffffff7fffffff
                    INTEGER | -9007199254740992 -1        | a16163d84b50ffe0000000000000ffffffffffffffff
                    INTEGER | -32768 -1 32767             | a16163d84d460080ffffff7f
                    INTEGER | -2147483648 -1 2147483647   | a16163d84e4c00000080ffffffffffffff7f
                    INTEGER | -9007199254740992 -1        | a16163d84f50000000000000e0ffffffffffffffffff
                    FLOAT32 | 1.5 -0.25 65504             | a16163d850463e00b4007bff
                    FLOAT32 | 1.5 -0.25 3.4028234663852886e38 | a16163d8514c3fc00000be8000007f7fffff
                    FLOAT64 | 1.1 -2.25 1e308             | a16163d85258183ff199999999999ac0020000000000007fe1ccf385ebc8a0
                    FLOAT32 | 1.5 -0.25 65504             | a16163d85446003e00b4ff7b
                    FLOAT32 | 1.5 -0.25 3.4028234663852886e38 | a16163d8554c0000c03f000080beffff7f7f
                    FLOAT64 | 1.1 -2.25 1e308             | a16163d85658189a9999999999f13f00000000000002c0a0c8eb85f3cce17f
                    UNTYPED | 1.5 65504 100000 1.1 -Infinity | a1616385f93e00f97bfffa47c35000fb3ff199999999999af9fc00
                    """)
    void typedArrays(DataType type, String values, String hex) {
        double[] numbers =
                Arrays.stream(values.split(" ")).mapToDouble(Double::parseDouble).toArray();
        assertSame(tensor(cbor(hex), "c"), Tensor.of(new int[] {numbers.length}, numbers, type));
    }

    /** {@code CBORTag(40, [[2, 3], CBORTag(86, ...)])}, tag 1040 with the same matrix. */
    @ParameterizedTest
    @CsvSource({
        "a16141d82882820203d8565830000000000000f03f000000000000004000000000000008400000000000001040"
                + "00000000000014400000000000001840",
        "a16141d9041082820203d8565830000000000000f03f0000000000001040000000000000004000000000000014"
                + "4000000000000008400000000000001840"
    })
    void matrices(String hex) {
        assertSame(tensor(cbor(hex), "A"), Tensor.of(new int[] {2, 3}, COUNTING, DataType.FLOAT64));
    }

    /** The matrix of the examples in RFC 8746, sections 3.1.1 and 3.1.2, in their three forms. */
    @ParameterizedTest
    @CsvSource({
        "INTEGER, d828 82 82 02 03 d841 4c 0002 0004 0008 0004 0010 0100, 2 4 8 4 16 256",
        "UNTYPED, d828 82 82 02 03 86 02 04 08 04 10 190100, 2 4 8 4 16 256",
        "UNTYPED, d90410 82 82 02 03 86 02 04 04 10 08 190100, 2 4 8 4 16 256"
    })
    void examplesOfTheSpecification(DataType type, String hex, String values) {
        double[] numbers =
                Arrays.stream(values.split(" ")).mapToDouble(Double::parseDouble).toArray();
        assertSame(tensor(cbor("a16141" + hex), "A"), Tensor.of(new int[] {2, 3}, numbers, type));
    }

    /**
     * {@code dumps({"problem": {"c": [1, -2, 2.5, None, inf]}, "solver": "auto", "retain": True,
     * "none": None, "n": -7, "x": 1.1})}.
     */
    @Test
    void aWholeRequest() {
        Value document =
                cbor(
                        "a66770726f626c656da16163850121fb4004000000000000f6f97c0066736f6c766572646175"
                                + "746f6672657461696ef5646e6f6e65f6616e266178fb3ff199999999999a");
        assertSame(
                tensor(member(document, "problem"), "c"),
                Tensor.of(
                        new int[] {5},
                        new double[] {1, -2, 2.5, Double.NaN, Double.POSITIVE_INFINITY},
                        DataType.UNTYPED,
                        true));
        assertThat(member(document, "solver")).isEqualTo(new Value.Text("auto"));
        assertThat(member(document, "retain")).isEqualTo(new Value.Bool(true));
        assertThat(member(document, "none")).isEqualTo(new Value.Null());
        assertSame(tensor(document, "n"), Tensor.scalar(-7));
        assertSame(tensor(document, "x"), Tensor.scalar(1.1));
    }

    /** What we write is byte for byte what cbor2 writes for the same arrays. */
    @Test
    void written() {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("A", Tensor.of(new int[] {2, 3}, COUNTING));
        assertThat(hex(new Value.Obj(members)))
                .isEqualTo(
                        "a16141d82882820203d8565830000000000000f03f00000000000000400000000000000840"
                                + "000000000000104000000000000014400000000000001840");
        members.clear();
        double[] small = {-0x1p53, -1};
        members.put("c", Tensor.of(new int[] {2}, small, DataType.INTEGER));
        assertThat(hex(new Value.Obj(members)))
                .isEqualTo("a16163d84f50000000000000e0ffffffffffffffffff");
        double[] single = {1.5, -0.25, Float.MAX_VALUE};
        members.put("c", Tensor.of(new int[] {3}, single, DataType.FLOAT32));
        assertThat(hex(new Value.Obj(members))).isEqualTo("a16163d8554c0000c03f000080beffff7f7f");
    }
}
