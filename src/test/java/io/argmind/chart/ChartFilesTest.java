package io.argmind.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files that are made of others: what the scenarios render to, and the table of values in the
 * README. {@code make chart-files} writes them anew.
 */
class ChartFilesTest {
    private static final Path RENDERED = Path.of("src", "test", "resources", "chart");
    private static final String BEGIN = "<!-- values -->\n";
    private static final String END = "<!-- end of values -->\n";

    private static void requireSame(Path file, String expected) throws IOException {
        if (Boolean.getBoolean("chart.update")) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, expected);
        }
        assertThat(Files.readString(file))
                .as("%s: if the difference is meant, `make chart-files` writes it", file)
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("io.argmind.chart.Chart#scenarios")
    void scenariosRenderAsBefore(String scenario) throws IOException {
        String dashboard =
                Files.readString(Chart.FOLDER.resolve("dashboards/argmind.json"))
                        .strip()
                        .indent(4)
                        .stripTrailing();
        String text = Chart.text(scenario);
        assertThat(text.contains("kind: ConfigMap"))
                .isEqualTo(scenario.equals("production"))
                .isEqualTo(text.contains(dashboard));
        requireSame(
                RENDERED.resolve(scenario + ".yaml"),
                text.replace(dashboard, "    (dashboards/argmind.json)"));
    }

    @Test
    void theReadmeListsTheValues() throws IOException {
        Path readme = Chart.FOLDER.resolve("README.md");
        String text = Files.readString(readme);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        String table = ValuesTable.of(Chart.FOLDER.resolve("values.yaml"));
        requireSame(readme, text.substring(0, begin) + table + text.substring(text.indexOf(END)));
    }
}
