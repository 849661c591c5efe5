package io.argmind.solver.ortools;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** One native HiGHS object: its life, options, runs and counters. Confined to one thread. */
final class HighsInstance implements AutoCloseable {
    private static final int[] INTERRUPTS = {1, 2, 6}; // simplex, interior point, MIP

    private final Arena arena = Arena.ofConfined();
    private final Map<String, MemorySegment> names = new HashMap<>();
    private final Map<String, Object> settings = new HashMap<>(); // spares HiGHS' slow look-up
    private final MemorySegment out = arena.allocate(JAVA_LONG);
    private final MemorySegment highs;

    /**
     * Creates a quiet instance on one thread.
     *
     * @param cancelled asked from within running solves, on the thread that runs them; must not
     *     throw
     */
    HighsInstance(BooleanSupplier cancelled) {
        try {
            highs = (MemorySegment) HighsLibrary.CREATE.invokeExact();
        } catch (Throwable e) {
            throw HighsLibrary.unexpected(e);
        }
        OrToolsLibrary.created();
        int off = 0;
        MemorySegment quiet = name("output_flag");
        HighsLibrary.call(() -> (int) HighsLibrary.SET_BOOL.invokeExact(highs, quiet, off));
        set("threads", 1);
        set("parallel", "off");
        listen(cancelled);
    }

    /** The pointer that HiGHS' functions take first. */
    MemorySegment pointer() {
        return highs;
    }

    void set(String option, int value) {
        if (isNew(option, value)) {
            MemorySegment name = name(option);
            HighsLibrary.call(() -> (int) HighsLibrary.SET_INT.invokeExact(highs, name, value));
        }
    }

    void set(String option, double value) {
        if (isNew(option, value)) {
            MemorySegment name = name(option);
            HighsLibrary.call(() -> (int) HighsLibrary.SET_DOUBLE.invokeExact(highs, name, value));
        }
    }

    void set(String option, String value) {
        if (isNew(option, value)) {
            MemorySegment name = name(option);
            MemorySegment text = name(value);
            HighsLibrary.call(() -> (int) HighsLibrary.SET_STRING.invokeExact(highs, name, text));
        }
    }

    private boolean isNew(String option, Object value) {
        return !value.equals(settings.put(option, value));
    }

    /**
     * Solves the model within a time of its own: HiGHS' clock runs on over the runs of one object,
     * so it is set to zero first.
     *
     * @param seconds positive
     */
    HighsStatus run(double seconds) {
        HighsLibrary.call(() -> (int) HighsLibrary.ZERO_CLOCKS.invokeExact(highs));
        set("time_limit", seconds);
        HighsLibrary.call(() -> (int) HighsLibrary.RUN.invokeExact(highs));
        return HighsStatus.of(
                HighsLibrary.call(() -> (int) HighsLibrary.MODEL_STATUS.invokeExact(highs)));
    }

    int intInfo(String name) {
        MemorySegment key = name(name);
        HighsLibrary.call(() -> (int) HighsLibrary.INT_INFO.invokeExact(highs, key, out));
        return out.get(JAVA_INT, 0);
    }

    long longInfo(String name) {
        MemorySegment key = name(name);
        HighsLibrary.call(() -> (int) HighsLibrary.LONG_INFO.invokeExact(highs, key, out));
        return out.get(JAVA_LONG, 0);
    }

    double doubleInfo(String name) {
        MemorySegment key = name(name);
        HighsLibrary.call(() -> (int) HighsLibrary.DOUBLE_INFO.invokeExact(highs, key, out));
        return out.get(JAVA_DOUBLE, 0);
    }

    @Override
    public void close() {
        if (!arena.scope().isAlive()) {
            return;
        }
        try {
            HighsLibrary.DESTROY.invokeExact(highs);
        } catch (Throwable e) {
            throw HighsLibrary.unexpected(e);
        }
        OrToolsLibrary.deleted();
        arena.close();
    }

    private MemorySegment name(String text) {
        return names.computeIfAbsent(text, arena::allocateFrom);
    }

    @SuppressWarnings("restricted") // native code will call back
    private void listen(BooleanSupplier cancelled) {
        MethodType type =
                HighsLibrary.CALLBACK.toMethodType().insertParameterTypes(0, BooleanSupplier.class);
        MethodHandle target;
        try {
            target =
                    MethodHandles.lookup()
                            .findStatic(HighsInstance.class, "onCallback", type)
                            .bindTo(cancelled);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
        MemorySegment stub = Linker.nativeLinker().upcallStub(target, HighsLibrary.CALLBACK, arena);
        MemorySegment none = MemorySegment.NULL;
        HighsLibrary.call(() -> (int) HighsLibrary.SET_CALLBACK.invokeExact(highs, stub, none));
        for (int kind : INTERRUPTS) {
            HighsLibrary.call(() -> (int) HighsLibrary.START_CALLBACK.invokeExact(highs, kind));
        }
    }

    /**
     * HiGHS' callback: the first field of what goes back in, an int, asks it to stop. It keeps its
     * value until it is written again.
     */
    @SuppressWarnings({
        "restricted",
        "unused",
        "UnusedMethod",
        "UnusedVariable"
    }) // native code calls it
    private static void onCallback(
            BooleanSupplier cancelled,
            int kind,
            MemorySegment message,
            MemorySegment dataOut,
            MemorySegment dataIn,
            MemorySegment user) {
        if (dataIn.address() != 0) {
            int stop = cancelled.getAsBoolean() ? 1 : 0;
            dataIn.reinterpret(JAVA_INT.byteSize()).set(JAVA_INT, 0, stop);
        }
    }
}
