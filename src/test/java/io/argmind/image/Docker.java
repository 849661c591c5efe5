package io.argmind.image;

import static org.assertj.core.api.Assertions.fail;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;

/** The engine that the tests of the image need, and the images, each made once in a run. */
final class Docker {
    private static final Path LOG = Path.of("target", "image.log");
    private static final int BUILD_MINUTES = 15;

    private Docker() {}

    private static final class Service {
        static final String IMAGE = build();

        private Service() {}
    }

    private static final class Neighbours {
        static final ImageFromDockerfile IMAGE =
                new ImageFromDockerfile("argmind-neighbours", false)
                        .withFileFromPath(".", Path.of("src", "test", "image"));

        private Neighbours() {}
    }

    /** Whether there is an engine. */
    static boolean reached() {
        return run(1, Path.of("target", "docker.log"), "docker", "info") == 0;
    }

    /** The service's image, built from the jar in target/. */
    static String image() {
        return Service.IMAGE;
    }

    /** A container with HAProxy and Prometheus in it. */
    static GenericContainer<?> neighbour() {
        return new GenericContainer<>(Neighbours.IMAGE);
    }

    /** How the engine sees a container now. */
    static ContainerState state(GenericContainer<?> container) {
        return DockerClientFactory.instance()
                .client()
                .inspectContainerCmd(container.getContainerId())
                .exec()
                .getState();
    }

    /** {@code docker stop}: the image's stop signal, and an end by force after a minute. */
    static void stop(GenericContainer<?> container) {
        DockerClientFactory.instance()
                .client()
                .stopContainerCmd(container.getContainerId())
                .withTimeout(60)
                .exec();
    }

    private static String build() {
        String image = Objects.requireNonNullElse(System.getenv("ARGMIND_IMAGE"), "argmind");
        if (run(BUILD_MINUTES, LOG, "tools/image/build") != 0) {
            fail("the image could not be built; the end of " + LOG + ":\n" + end(LOG));
        }
        return image;
    }

    private static int run(int minutes, Path log, String... command) {
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            if (process.waitFor(minutes, TimeUnit.MINUTES)) {
                return process.exitValue();
            }
            process.destroy();
            return -1;
        } catch (IOException e) {
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String end(Path log) {
        try {
            String text = Files.readString(log);
            return text.substring(Math.max(0, text.length() - 4000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
