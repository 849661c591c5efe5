package io.argmind.rest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Keys as an operator makes them, and the file they are in. */
final class KeysFile {
    private final Path path;

    KeysFile(Path folder, String... lines) throws IOException {
        this.path = folder.resolve("keys");
        replace(lines);
    }

    /** The line for a key; {@code more} may say when it expires. */
    static String line(String tenant, String key, String... more) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(key.getBytes(StandardCharsets.UTF_8));
            return tenant
                    + " sha256:"
                    + HexFormat.of().formatHex(hash)
                    + " "
                    + String.join(" ", more);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As a whole, as Kubernetes replaces a mounted secret. */
    void replace(String... lines) throws IOException {
        Path next = path.resolveSibling("next");
        Files.writeString(next, String.join("\n", lines) + "\n");
        Files.move(next, path, StandardCopyOption.REPLACE_EXISTING);
    }

    String[] arguments(String... more) {
        String[] all = new String[more.length + 2];
        all[0] = "--argmind.security.mode=api-key";
        all[1] = "--argmind.security.keys-file=" + path;
        System.arraycopy(more, 0, all, 2, more.length);
        return all;
    }
}
