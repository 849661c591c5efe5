package io.argmind.solver.ortools;

import com.google.ortools.Loader;
import com.google.ortools.init.OrToolsVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The native library: loaded once for the whole process, with a count of the native objects that
 * are alive.
 */
public final class OrToolsLibrary {
    private static final AtomicInteger LIVE = new AtomicInteger();

    private OrToolsLibrary() {}

    /** Initialized, and so loaded, by the first {@link #load()}; the outcome stays. */
    private static final class Holder {
        static final @Nullable String FAILURE = failure();

        private Holder() {}

        private static @Nullable String failure() {
            try {
                Loader.loadNativeLibraries();
                return null;
            } catch (RuntimeException | LinkageError e) {
                return e.toString();
            }
        }
    }

    /** Makes sure that the natives are there; cheap after the first call. */
    public static void load() {
        String failure = Holder.FAILURE;
        if (failure != null) {
            throw new IllegalStateException(
                    "the native library of OR-Tools cannot be loaded: " + failure);
        }
    }

    /** The version of OR-Tools, such as 9.15.6755. */
    public static String version() {
        load();
        return OrToolsVersion.getVersionString();
    }

    /** Where the native library was loaded from; empty where the system does not tell. */
    public static Optional<Path> directory() {
        load();
        Path maps = Path.of("/proc/self/maps");
        if (!Files.isReadable(maps)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(maps, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.endsWith("jniortools.so"))
                    .map(line -> Path.of(line.substring(line.indexOf('/'))).getParent())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** How many native objects exist now; zero when every session is closed. */
    public static int liveObjects() {
        return LIVE.get();
    }

    /** To be called after each creation of a native object that must be deleted by hand. */
    public static void created() {
        LIVE.incrementAndGet();
    }

    /** To be called after each deletion. */
    public static void deleted() {
        LIVE.decrementAndGet();
    }
}
