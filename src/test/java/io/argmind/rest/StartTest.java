package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A service of which it is not said who may call it does not start, and says what to set. */
@ExtendWith(OutputCaptureExtension.class)
class StartTest {
    private static void requireRefusal(CapturedOutput log, String expected, String... arguments) {
        assertThatThrownBy(() -> Service.start(arguments).close());
        assertThat(log.getAll())
                .contains("APPLICATION FAILED TO START", "Action:", expected)
                .doesNotContain("\tat io.argmind");
    }

    @Test
    void theModeMustBeSet(CapturedOutput log) {
        requireRefusal(log, "argmind.security.mode is not set", "--argmind.security.mode=");
    }

    @Test
    void theModeMustBeOne(CapturedOutput log) {
        requireRefusal(log, "argmind.security.mode", "--argmind.security.mode=open");
    }

    @Test
    void keysNeedTheirFile(CapturedOutput log) {
        requireRefusal(
                log, "argmind.security.keys-file is not set", "--argmind.security.mode=api-key");
    }

    @Test
    void theFileMustBeThere(CapturedOutput log) {
        requireRefusal(
                log,
                "/nowhere/keys: there is no such file",
                "--argmind.security.mode=api-key",
                "--argmind.security.keys-file=/nowhere/keys");
    }

    @Test
    void theFileMustHaveKeys(@TempDir Path folder, CapturedOutput log) throws IOException {
        requireRefusal(log, "it has no key", new KeysFile(folder, "# none").arguments());
    }

    /** Which line is wrong is said, and not what it has: it may be a key. */
    @Test
    void everyLineMustBeOne(@TempDir Path folder, CapturedOutput log) throws IOException {
        KeysFile keys = new KeysFile(folder, KeysFile.line("a", "key"), "a plain-text-key");
        requireRefusal(log, "line 2: expected TENANT sha256:", keys.arguments());
        assertThat(log.getAll()).doesNotContain("plain-text-key");
    }

    @Test
    void tokensNeedAnAudience(CapturedOutput log) {
        requireRefusal(
                log,
                "argmind.security.jwt.audience is not set",
                "--argmind.security.mode=jwt",
                "--argmind.security.jwt.issuer=https://provider.example");
    }
}
