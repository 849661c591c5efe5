package io.argmind.image;

import com.github.dockerjava.api.model.Capability;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * A container of the service with as few rights as a cluster would give it: the image's own user, a
 * root file system that cannot be written, no volume, no capabilities.
 */
final class Replica extends GenericContainer<Replica> {
    private static final int SERVICE = 8080;
    private static final int MANAGEMENT = 8081;

    Replica(String... arguments) {
        super(Docker.image());
        withCommand(
                Stream.concat(
                                Stream.of("--argmind.security.mode=none", "--argmind.warm-up=0s"),
                                Stream.of(arguments))
                        .toArray(String[]::new));
        withExposedPorts(SERVICE, MANAGEMENT);
        waitingFor(
                Wait.forHttp("/readyz").forPort(SERVICE).withStartupTimeout(Duration.ofMinutes(5)));
        withCreateContainerCmdModifier(create ->
                Objects.requireNonNull(create.getHostConfig())
                        .withReadonlyRootfs(true)
                        .withCapDrop(Capability.ALL)
                        .withSecurityOpts(List.of("no-new-privileges")));
    }

    /** No swap: what exceeds it is killed. */
    Replica withMemory(long bytes) {
        return withCreateContainerCmdModifier(create ->
                Objects.requireNonNull(create.getHostConfig())
                        .withMemory(bytes)
                        .withMemorySwap(bytes));
    }

    Endpoint service() {
        return new Endpoint(getHost(), getMappedPort(SERVICE));
    }

    Endpoint management() {
        return new Endpoint(getHost(), getMappedPort(MANAGEMENT));
    }
}
