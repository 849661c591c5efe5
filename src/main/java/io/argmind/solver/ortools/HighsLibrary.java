package io.argmind.solver.ortools;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The C functions of HiGHS that we call, found in the native library that OR-Tools brings.
 *
 * <p>If they cannot be linked, this class still initializes: {@link #requireLinked()} says why, and
 * every call fails.
 */
@SuppressWarnings("restricted") // linking native code is what this class is for
final class HighsLibrary {
    private static final List<String> MISSING = new ArrayList<>();
    private static final @Nullable String LOAD_ERROR = loadNatives();

    static final MethodHandle CREATE = link("create", FunctionDescriptor.of(ADDRESS));
    static final MethodHandle DESTROY = link("destroy", FunctionDescriptor.ofVoid(ADDRESS));
    static final MethodHandle VERSION = link("version", FunctionDescriptor.of(ADDRESS));

    /**
     * (highs, cols, rows, nnz, qNnz, aFormat, qFormat, sense, offset, cost, colLower, colUpper,
     * rowLower, rowUpper, aStart, aIndex, aValue, qStart, qIndex, qValue, integrality).
     */
    static final MethodHandle PASS_MODEL =
            link(
                    "passModel",
                    ints(
                            ADDRESS,
                            JAVA_INT,
                            JAVA_INT,
                            JAVA_INT,
                            JAVA_INT,
                            JAVA_INT,
                            JAVA_INT,
                            JAVA_INT,
                            JAVA_DOUBLE,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS,
                            ADDRESS));

    /** (highs, firstCol, lastCol, cost). */
    static final MethodHandle CHANGE_COSTS =
            link("changeColsCostByRange", ints(ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));

    /** (highs, firstRow, lastRow, lower, upper). */
    static final MethodHandle CHANGE_ROW_BOUNDS =
            link("changeRowsBoundsByRange", ints(ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));

    /** (highs, colStatus, rowStatus). */
    static final MethodHandle SET_BASIS = link("setBasis", ints(ADDRESS, ADDRESS, ADDRESS));

    /** (highs, colValue, rowValue, colDual, rowDual), each but the first may be NULL. */
    static final MethodHandle SET_SOLUTION =
            link("setSolution", ints(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    static final MethodHandle RUN = link("run", ints(ADDRESS));
    static final MethodHandle ZERO_CLOCKS = link("zeroAllClocks", ints(ADDRESS));
    static final MethodHandle MODEL_STATUS = link("getModelStatus", ints(ADDRESS));

    /** (highs, colValue, colDual, rowValue, rowDual). */
    static final MethodHandle GET_SOLUTION =
            link("getSolution", ints(ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));

    /** (highs, hasRay, ray). */
    static final MethodHandle GET_DUAL_RAY = link("getDualRay", ints(ADDRESS, ADDRESS, ADDRESS));

    /** (highs, hasRay, ray). */
    static final MethodHandle GET_PRIMAL_RAY =
            link("getPrimalRay", ints(ADDRESS, ADDRESS, ADDRESS));

    /** (highs, name, value), as the seven below. */
    static final MethodHandle INT_INFO = link("getIntInfoValue", ints(ADDRESS, ADDRESS, ADDRESS));

    static final MethodHandle LONG_INFO =
            link("getInt64InfoValue", ints(ADDRESS, ADDRESS, ADDRESS));
    static final MethodHandle DOUBLE_INFO =
            link("getDoubleInfoValue", ints(ADDRESS, ADDRESS, ADDRESS));
    static final MethodHandle SET_BOOL =
            link("setBoolOptionValue", ints(ADDRESS, ADDRESS, JAVA_INT));
    static final MethodHandle SET_INT = link("setIntOptionValue", ints(ADDRESS, ADDRESS, JAVA_INT));
    static final MethodHandle SET_DOUBLE =
            link("setDoubleOptionValue", ints(ADDRESS, ADDRESS, JAVA_DOUBLE));
    static final MethodHandle SET_STRING =
            link("setStringOptionValue", ints(ADDRESS, ADDRESS, ADDRESS));

    /** (highs, function, userData). */
    static final MethodHandle SET_CALLBACK = link("setCallback", ints(ADDRESS, ADDRESS, ADDRESS));

    /** (highs, callbackType). */
    static final MethodHandle START_CALLBACK = link("startCallback", ints(ADDRESS, JAVA_INT));

    /** What HiGHS calls: (callbackType, message, dataOut, dataIn, userData). */
    static final FunctionDescriptor CALLBACK =
            FunctionDescriptor.ofVoid(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    private HighsLibrary() {}

    /** A call of one of the handles above. */
    interface NativeCall {
        int invoke() throws Throwable;
    }

    /**
     * What a call returned. HiGHS throws nothing through its C functions, so whatever is thrown is
     * a mistake of ours.
     */
    static int call(NativeCall call) {
        try {
            return call.invoke();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static RuntimeException unexpected(Throwable e) {
        if (e instanceof Error error) {
            throw error;
        }
        return e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }

    /** Fails with the reason if HiGHS cannot be used in this process. */
    static void requireLinked() {
        if (LOAD_ERROR != null) {
            throw new IllegalStateException(LOAD_ERROR);
        }
        if (!MISSING.isEmpty()) {
            throw new IllegalStateException("the native library of OR-Tools lacks " + MISSING);
        }
    }

    /** Such as 1.12.0. */
    static String version() {
        requireLinked();
        try {
            MemorySegment text = (MemorySegment) VERSION.invokeExact();
            return text.reinterpret(64).getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static @Nullable String loadNatives() {
        try {
            OrToolsLibrary.load();
            return null;
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }

    private static FunctionDescriptor ints(MemoryLayout... parameters) {
        return FunctionDescriptor.of(JAVA_INT, parameters);
    }

    private static MethodHandle link(String name, FunctionDescriptor descriptor) {
        String symbol = "Highs_" + name;
        MemorySegment found =
                LOAD_ERROR == null ? SymbolLookup.loaderLookup().find(symbol).orElse(null) : null;
        if (found != null) {
            return Linker.nativeLinker().downcallHandle(found, descriptor);
        }
        MISSING.add(symbol);
        MethodHandle thrower =
                MethodHandles.throwException(
                        descriptor.toMethodType().returnType(), IllegalStateException.class);
        return MethodHandles.dropArguments(
                thrower.bindTo(new IllegalStateException(symbol + " is not linked")),
                0,
                descriptor.toMethodType().parameterList());
    }
}
