package io.argmind.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Makes the archive in target/ that {@code make chart} promises. */
class ChartPackageTest {

    @Test
    void theArchiveHoldsWhatIsNeeded() throws IOException {
        new Helm(Chart.FOLDER).packageIt().withDestination(Path.of("target")).call();
        String version = Chart.tree(Chart.FOLDER.resolve("Chart.yaml")).path("version").asString();
        List<String> names = list(Path.of("target", "argmind-" + version + ".tgz"));
        assertThat(names)
                .contains(
                        "argmind/Chart.yaml",
                        "argmind/README.md",
                        "argmind/values.yaml",
                        "argmind/values.schema.json",
                        "argmind/dashboards/argmind.json",
                        "argmind/templates/deployment.yaml",
                        "argmind/templates/tests/answers.yaml")
                .noneMatch(name -> name.startsWith("argmind/ci/"));
    }

    private static List<String> list(Path archive) throws IOException {
        Process tar =
                new ProcessBuilder("tar", "tzf", archive.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(tar.getInputStream(), StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }
}
