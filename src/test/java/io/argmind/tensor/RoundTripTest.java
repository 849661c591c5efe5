package io.argmind.tensor;

import static io.argmind.tensor.Documents.assertSame;
import static io.argmind.tensor.Documents.cbor;
import static io.argmind.tensor.Documents.document;
import static io.argmind.tensor.Documents.json;
import static io.argmind.tensor.Documents.tensor;
import static io.argmind.tensor.Documents.writtenCbor;
import static io.argmind.tensor.Documents.writtenJson;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.dataformat.cbor.CBORFactory;

class RoundTripTest {

    private static final List<int[]> SHAPES =
            List.of(
                    new int[] {},
                    new int[] {0},
                    new int[] {1},
                    new int[] {7},
                    new int[] {2, 0},
                    new int[] {3, 5},
                    new int[] {1, 1, 1},
                    new int[] {2, 3, 4},
                    new int[] {9001},
                    new int[] {40, 10, 30});

    private final Random random = new Random(20_251_123);

    static Stream<Arguments> tensors() {
        return Arrays.stream(DataType.values())
                .flatMap(type -> SHAPES.stream().map(shape -> Arguments.of(type, shape)));
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void jsonGivesTheSameNumbers(DataType type, int[] shape) {
        Tensor sent = Tensor.of(shape, values(type, Tensor.entries(shape)), type);
        Tensor read = tensor(json(writtenJson(document(sent))), "x");
        if (type == DataType.FLOAT32) {
            Arrays.setAll(read.values(), i -> (float) read.values()[i]);
        }
        assertSame(read, Tensor.of(shape, sent.values()));
    }

    @ParameterizedTest
    @MethodSource("tensors")
    void cborGivesTheSameNumbersAndTypes(DataType type, int[] shape) {
        Tensor sent = Tensor.of(shape, values(type, Tensor.entries(shape)), type);
        DataType read =
                shape.length == 0
                        ? DataType.UNTYPED
                        : type == DataType.UNTYPED ? DataType.FLOAT64 : type;
        assertSame(
                tensor(cbor(writtenCbor(document(sent))), "x"),
                Tensor.of(shape, sent.values(), read));
    }

    @Test
    void cborKeepsEveryBitOfADouble() {
        double[] values = random.longs(20_000).mapToDouble(Double::longBitsToDouble).toArray();
        Tensor read =
                tensor(cbor(writtenCbor(document(Tensor.of(new int[] {20_000}, values)))), "x");
        assertThat(Arrays.stream(read.values()).mapToLong(Double::doubleToRawLongBits))
                .containsExactly(
                        Arrays.stream(values)
                                .mapToLong(Double::doubleToRawLongBits)
                                .boxed()
                                .toArray(Long[]::new));
    }

    @Test
    void jsonKeepsEveryFiniteDouble() {
        double[] values =
                random.longs(20_000)
                        .mapToDouble(Double::longBitsToDouble)
                        .filter(Double::isFinite)
                        .toArray();
        Tensor sent = Tensor.of(new int[] {values.length}, values);
        assertThat(tensor(json(writtenJson(document(sent))), "x").values()).containsExactly(values);
    }

    @Test
    void columnsFirstIsTransposed() {
        int[] shape = {3, 4, 5};
        double[] rowMajor = IntStream.range(0, 60).asDoubleStream().toArray();
        byte[] columnMajor = new byte[60];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 4; j++) {
                for (int k = 0; k < 5; k++) {
                    columnMajor[i + 3 * j + 12 * k] = (byte) (20 * i + 5 * j + k);
                }
            }
        }
        String hex = HexFormat.of().formatHex(columnMajor);
        assertSame(
                tensor(cbor("a16178 d90410 82 83030405 d840583c" + hex), "x"),
                Tensor.of(shape, rowMajor, DataType.INTEGER));
    }

    /** Another library's CBOR is read, and reads ours; the two share no code. */
    @ParameterizedTest
    @EnumSource(DataType.class)
    void anotherLibraryAgrees(DataType type) {
        double[] values = values(type, 1000);
        ByteArrayOutputStream theirs = new ByteArrayOutputStream();
        try (JsonGenerator out =
                new CBORFactory().createGenerator(ObjectWriteContext.empty(), theirs)) {
            out.writeStartObject();
            out.writeName("x");
            out.writeArray(values, 0, values.length);
            out.writeEndObject();
        }
        assertThat(tensor(cbor(theirs.toByteArray()), "x").values()).containsExactly(values);

        byte[] ours =
                writtenCbor(
                        document(
                                new Value.Items(
                                        List.of(
                                                new Value.Text("é".repeat(300)),
                                                Tensor.of(
                                                        new int[] {},
                                                        new double[] {values[0]},
                                                        type)))));
        try (JsonParser in = new CBORFactory().createParser(ObjectReadContext.empty(), ours)) {
            assertThat(in.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            assertThat(in.nextName()).isEqualTo("x");
            assertThat(in.nextToken()).isEqualTo(JsonToken.START_ARRAY);
            assertThat(in.nextStringValue()).isEqualTo("é".repeat(300));
            in.nextToken();
            assertThat(in.getDoubleValue()).isEqualTo(values[0]);
            assertThat(in.nextToken()).isEqualTo(JsonToken.END_ARRAY);
            assertThat(in.nextToken()).isEqualTo(JsonToken.END_OBJECT);
            assertThat(in.nextToken()).isNull();
        }
    }

    private double[] values(DataType type, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] =
                    switch (type) {
                        case INTEGER -> random.nextLong(-1L << 53, 1L << 53);
                        case FLOAT32 ->
                                (float)
                                        (random.nextGaussian()
                                                * Math.scalb(1f, random.nextInt(-100, 100)));
                        case FLOAT64, UNTYPED ->
                                random.nextGaussian() * Math.scalb(1.0, random.nextInt(-900, 900));
                    };
        }
        return values;
    }
}
