package io.argmind.chart;

import static java.util.stream.Collectors.joining;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The chart, rendered by Helm in this process. */
final class Chart {
    static final Path FOLDER = Path.of("helm", "argmind").toAbsolutePath();

    /** The least that has to be said; one flow mapping, so that tests can add their own lines. */
    static final String MINIMAL = "auth: {mode: none}\n";

    /** Everything optional is on. */
    static final String EVERYTHING =
            """
            auth: {mode: api-key, existingSecret: keys}
            tls: {enabled: true, existingSecret: certificate, clientAuth: want}
            ingress: {enabled: true, hosts: [{host: a.example}], tls: [{secretName: front, hosts: [a.example]}]}
            httpRoute: {enabled: true, parentRefs: [{name: gateway}]}
            autoscaling: {enabled: true, queue: {enabled: true}}
            metrics: {serviceMonitor: {enabled: true}, dashboard: {enabled: true}, alerts: {enabled: true}}
            """;

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Chart() {}

    /** The names of the scenarios in ci/, in order. */
    static List<String> scenarios() {
        try (Stream<Path> files = Files.list(FOLDER.resolve("ci"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("-values.yaml"))
                    .map(name -> name.replace("-values.yaml", ""))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path valuesOf(String scenario) {
        return FOLDER.resolve("ci").resolve(scenario + "-values.yaml");
    }

    /** The text that Helm makes of a scenario. */
    static String text(String scenario) {
        return command().withValuesFile(valuesOf(scenario)).call();
    }

    static Manifests scenario(String name) {
        return parse(text(name));
    }

    /** Renders with these values, written in YAML. */
    static Manifests render(String values) {
        try {
            Path file = Files.createTempFile("values", ".yaml");
            try {
                Files.writeString(file, values);
                return parse(command().withValuesFile(file).call());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Values as the command line gives them. */
    static final class Values {
        private final TemplateCommand command = command();

        void file(Path file) {
            command.withValuesFile(file.toAbsolutePath());
        }

        void set(String name, String value) {
            command.set(name, value);
        }

        Manifests render() {
            return parse(command.call());
        }
    }

    private static TemplateCommand command() {
        return command(FOLDER);
    }

    private static TemplateCommand command(Path chart) {
        return new Helm(chart)
                .template()
                .withName("demo")
                .withNamespace("lab")
                .withKubeVersion("1.34.0");
    }

    private static Manifests parse(String text) {
        List<JsonNode> all = new ArrayList<>();
        for (Object document : new Yaml().loadAll(text)) {
            if (document != null) {
                all.add(MAPPER.valueToTree(document));
            }
        }
        return new Manifests(all);
    }

    /**
     * Renders a copy of the chart in which one file is changed: Helm does not render hooks, and
     * lints with the chart's own values.
     */
    static Path copy(String changed, UnaryOperator<String> change) {
        try {
            Path copy = Files.createTempDirectory(Path.of("target"), "chart").resolve("argmind");
            try (Stream<Path> files = Files.walk(FOLDER)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String name = FOLDER.relativize(file).toString();
                    Path target = copy.resolve(name);
                    Files.createDirectories(Objects.requireNonNull(target.getParent()));
                    String text = Files.readString(file);
                    Files.writeString(target, name.equals(changed) ? change.apply(text) : text);
                }
            }
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A scenario with the pod of {@code helm test} among its objects. */
    static Manifests withTestPod(String scenario) {
        Path copy =
                copy(
                        "templates/tests/answers.yaml",
                        text ->
                                text.lines()
                                        .filter(l -> !l.contains("helm.sh/hook"))
                                        .collect(joining("\n")));
        return parse(command(copy).withValuesFile(valuesOf(scenario)).call());
    }

    /** A YAML file as a tree. */
    static JsonNode tree(Path file) {
        try {
            return MAPPER.valueToTree(new Yaml().load(Files.readString(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The settings that the container is started with. */
    static JsonNode settings(Manifests manifests) {
        return MAPPER.readTree(manifests.environment("SPRING_APPLICATION_JSON"));
    }
}
