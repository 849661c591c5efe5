package io.argmind.security;

import io.argmind.dispatch.Tenant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a file, which is read again when it changes. A line is a tenant's name, {@code
 * sha256:} with the hash of a key in hexadecimal digits, and, for a key that expires, the moment as
 * in {@code 2027-01-31T00:00:00Z}; a tenant may have several. Empty lines and those that begin with
 * {@code #} say nothing.
 *
 * <p>Keys are 256 random bits, of which nobody finds one by trying, whatever a try costs. So one
 * round of SHA-256 keeps the file from being of use to who reads it; the slow hashes are for
 * passwords that people think of, and would cost each request more than its solve.
 */
final class ApiKeys {
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);
    private static final String HASH = "sha256:";
    private static final long LOOK_AFTER_NANOS = 1_000_000_000L;

    private final Path file;
    private volatile State state;

    /** A line of the file. */
    private record Key(Tenant tenant, byte[] hash, @Nullable Instant expires) {}

    /** What a file looked like from outside: a mounted secret is replaced as a whole. */
    private record Version(FileTime modified, long size, @Nullable Object key) {}

    /**
     * What was read.
     *
     * @param lookedAt when the file was last looked at
     */
    private record State(List<Key> keys, @Nullable Version version, long lookedAt) {}

    /** What became of a key that somebody sent. */
    sealed interface Found {
        /** Somebody's. */
        record Of(Tenant tenant) implements Found {}

        /** It was somebody's until then. */
        record Expired(Instant at) implements Found {}

        /** Nobody's. */
        record Unknown() implements Found {}
    }

    /**
     * Reads the file.
     *
     * @throws UnsafeSettingException if it cannot be read, has a line of another form, or no key
     */
    ApiKeys(Path file) {
        this.file = file;
        try {
            Version version = version();
            state = new State(read(), version, System.nanoTime());
        } catch (IOException e) {
            throw unusable(e);
        }
        if (state.keys.isEmpty()) {
            throw unusable(new IOException("it has no key"));
        }
        LOG.info("{} keys are known", state.keys.size());
    }

    private UnsafeSettingException unusable(IOException e) {
        return new UnsafeSettingException(
                "The keys of argmind.security.keys-file cannot be read: " + file + ": " + reason(e),
                "Make a key with `python -m argmind key TENANT` and put the line that it prints into the file.");
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException
                ? "there is no such file"
                : String.valueOf(e.getMessage());
    }

    /** Whose key this is. It takes as long whichever key it is, and if it is none. */
    Found find(String sent) {
        byte[] hash = sha256(sent);
        Key found = null;
        for (Key key : current()) {
            if (MessageDigest.isEqual(key.hash, hash)) {
                found = key;
            }
        }
        if (found == null) {
            return new Found.Unknown();
        }
        boolean expired = found.expires != null && !Instant.now().isBefore(found.expires);
        return expired
                ? new Found.Expired(Objects.requireNonNull(found.expires))
                : new Found.Of(found.tenant);
    }

    private List<Key> current() {
        State now = state;
        return System.nanoTime() - now.lookedAt < LOOK_AFTER_NANOS ? now.keys : refreshed();
    }

    /** Where the file cannot be read any more, what was read before stays. */
    private synchronized List<Key> refreshed() {
        State before = state;
        if (System.nanoTime() - before.lookedAt < LOOK_AFTER_NANOS) {
            return before.keys;
        }
        List<Key> keys = before.keys;
        Version version = null;
        try {
            version = version();
            if (!version.equals(before.version)) {
                keys = read();
                LOG.info("the keys have been read again, {} are known", keys.size());
            }
        } catch (IOException e) {
            if (!Objects.equals(version, before.version)) {
                LOG.error("the keys cannot be read again, those before stay: {}", reason(e));
            }
        }
        state = new State(keys, version, System.nanoTime());
        return keys;
    }

    private Version version() throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        return new Version(now.lastModifiedTime(), now.size(), now.fileKey());
    }

    private List<Key> read() throws IOException {
        List<Key> keys = new ArrayList<>();
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            number++;
            String content = line.strip();
            if (!content.isEmpty() && !content.startsWith("#")) {
                keys.add(key(content.split("\\s+"), number));
            }
        }
        return List.copyOf(keys);
    }

    private static Key key(String[] words, int number) throws IOException {
        try {
            if (words.length >= 2 && words.length <= 3 && words[1].startsWith(HASH)) {
                byte[] hash = HexFormat.of().parseHex(words[1].substring(HASH.length()));
                Instant expires = words.length == 3 ? Instant.parse(words[2]) : null;
                if (hash.length == 32) {
                    return new Key(new Tenant(words[0]), hash, expires);
                }
            }
        } catch (IllegalArgumentException | DateTimeParseException e) {
            // said below, without what the line has
        }
        throw new IOException(
                "line "
                        + number
                        + ": expected TENANT sha256:<64 hexadecimal digits> and perhaps a moment as in 2027-01-31T00:00:00Z");
    }

    private static byte[] sha256(String key) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
