package io.argmind.tensor;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.cbor.CBORFactory;

/**
 * A batch of 128 matrices [100,100], 10 MB as doubles: CBOR should cost what copying the bytes
 * costs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class TensorDecodeBench {

    private static final int ENTRIES = 128 * 100 * 100;

    private final DocumentReader reader = new DocumentReader(Limits.DEFAULT);
    private final DocumentWriter writer = new DocumentWriter();
    private final CBORFactory library = new CBORFactory();
    private double[] values = {};
    private byte[] raw = {};
    private byte[] float64 = {};
    private byte[] float32 = {};
    private byte[] json = {};
    private Value document = new Value.Null();

    @Setup
    public void setUp() throws IOException {
        values = new Random(1).doubles(ENTRIES, -1, 1).toArray();
        raw = new byte[8 * ENTRIES];
        ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().put(values);
        document = document(DataType.FLOAT64);
        float64 = cbor(document);
        float32 = cbor(document(DataType.FLOAT32));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.writeJson(document, out);
        json = out.toByteArray();
    }

    @Benchmark
    public Value decodeCborFloat64() {
        return reader.readCbor(float64, 0, float64.length);
    }

    /** As a body that arrives, but without the network. */
    @Benchmark
    public Value decodeCborStream() throws IOException {
        return reader.readCbor(new ByteArrayInputStream(float64), float64.length);
    }

    @Benchmark
    public Value decodeCborFloat32() {
        return reader.readCbor(float32, 0, float32.length);
    }

    @Benchmark
    public Value decodeJson() {
        return reader.readJson(json, 0, json.length);
    }

    /** The floor: a new array, filled from another one. */
    @Benchmark
    public double[] copyArray() {
        double[] copy = new double[ENTRIES];
        System.arraycopy(values, 0, copy, 0, ENTRIES);
        return copy;
    }

    /** The floor for bytes. */
    @Benchmark
    public double[] copyByteBuffer() {
        double[] copy = new double[ENTRIES];
        ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(copy);
        return copy;
    }

    /** What a library's parser would cost: a copy to a byte array, and another one to doubles. */
    @Benchmark
    public double[] decodeCborByLibrary() {
        try (JsonParser parser =
                library.createParser(ObjectReadContext.empty(), float64, 0, float64.length)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() == JsonToken.VALUE_EMBEDDED_OBJECT) {
                    double[] copy = new double[ENTRIES];
                    ByteBuffer.wrap(parser.getBinaryValue())
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asDoubleBuffer()
                            .get(copy);
                    return copy;
                }
            }
        }
        throw new IllegalStateException("no array");
    }

    @Benchmark
    public void encodeCbor() throws IOException {
        writer.writeCbor(document, OutputStream.nullOutputStream());
    }

    @Benchmark
    public void encodeJson() throws IOException {
        writer.writeJson(document, OutputStream.nullOutputStream());
    }

    private Value document(DataType type) {
        return new Value.Obj(Map.of("P", Tensor.of(new int[] {128, 100, 100}, values, type)));
    }

    private byte[] cbor(Value value) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.writeCbor(value, out);
        return out.toByteArray();
    }
}
