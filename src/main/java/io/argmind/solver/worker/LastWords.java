package io.argmind.solver.worker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process printed last: enough for the first lines of a crash report, which name the signal
 * and the library and no data. Everything else that native code prints is thrown away.
 */
final class LastWords {
    private static final int KEPT = 1 << 13;
    private static final Pattern CRASH =
            Pattern.compile(
                    "#  (SIG\\w+|Internal Error).*?# Problematic frame:\\s*# (\\S+  \\[[^\\]+]*)?",
                    Pattern.DOTALL);

    private final byte[] kept = new byte[KEPT];
    private final CountDownLatch over = new CountDownLatch(1);
    private long total;

    private LastWords() {}

    static LastWords of(Process process) {
        LastWords words = new LastWords();
        Thread reader =
                new Thread(() -> words.listen(process.getInputStream()), "worker-" + process.pid());
        reader.setDaemon(true);
        reader.start();
        return words;
    }

    private void listen(InputStream from) {
        byte[] piece = new byte[KEPT];
        try (from) {
            for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
                keep(piece, count);
            }
        } catch (IOException e) {
            // the process is gone
        } finally {
            over.countDown();
        }
    }

    private synchronized void keep(byte[] piece, int count) {
        for (int i = 0; i < count; i++) {
            kept[(int) (total++ % KEPT)] = piece[i];
        }
    }

    /** Such as {@code SIGSEGV in C [libortools.so.9}; empty if it was no crash. */
    String crash() {
        Matcher crash = CRASH.matcher(text());
        if (!crash.find()) {
            return "";
        }
        String frame = crash.group(2);
        return crash.group(1) + (frame == null ? "" : " in " + frame.replaceAll(".*\\[", ""));
    }

    /** All that is kept, once the process has ended. */
    String text() {
        try {
            over.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ordered();
    }

    private synchronized String ordered() {
        int length = (int) Math.min(total, KEPT);
        byte[] ordered = new byte[length];
        for (int i = 0; i < length; i++) {
            ordered[i] = kept[(int) ((total - length + i) % KEPT)];
        }
        return new String(ordered, StandardCharsets.ISO_8859_1);
    }
}
