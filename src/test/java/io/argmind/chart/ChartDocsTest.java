package io.argmind.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands of the documentation that hand values to the chart hand it some that it takes. */
class ChartDocsTest {
    private static final Pattern COMMAND =
            Pattern.compile("(?m)^helm (install|upgrade)((?:[^\\\\\\n]|\\\\\\n)*)");
    private static final Pattern OPTION = Pattern.compile("--(set|values)\\s+(\\S+)");

    static Stream<String> commands() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path file :
                List.of(
                        Path.of("docs", "operations.md"),
                        Path.of("helm", "argmind", "README.md"))) {
            text.append(Files.readString(file)).append('\n');
        }
        return COMMAND.matcher(text).results().map(MatchResult::group);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void theChartTakesIt(String command) {
        Chart.Values values = new Chart.Values();
        for (MatchResult option : OPTION.matcher(command).results().toList()) {
            if (option.group(1).equals("values")) {
                values.file(Path.of(option.group(2)));
            } else {
                String[] pair = option.group(2).split("=", 2);
                values.set(pair[0], pair[1]);
            }
        }
        Manifests manifests = values.render();
        assertThat(manifests.ofKind("Deployment")).hasSize(1);
        manifests.all().forEach(KubernetesTypes::require);
    }

    @Test
    void thereAreCommands() throws IOException {
        assertThat(commands()).hasSizeGreaterThanOrEqualTo(3);
    }
}
