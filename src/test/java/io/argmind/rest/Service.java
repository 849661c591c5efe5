package io.argmind.rest;

import io.argmind.Application;
import io.argmind.solver.Oracle;
import io.argmind.solver.Oracles;
import io.argmind.solver.Solvers;
import io.argmind.testkit.EnumerationOracle;
import io.argmind.testkit.TestSolver;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The whole service in this process, on ports of its own, with one more solver, {@link TestSolver},
 * and one more oracle, {@link EnumerationOracle}.
 */
public final class Service implements AutoCloseable {
    private static final Set<Service> RUNNING = ConcurrentHashMap.newKeySet();

    private final ConfigurableApplicationContext context;

    private Service(ConfigurableApplicationContext context) {
        this.context = context;
        RUNNING.add(this);
    }

    /** All that have been started and not closed. */
    static Set<Service> running() {
        return Set.copyOf(RUNNING);
    }

    private static final class Shared {
        static final Service INSTANCE =
                start("--argmind.solver.threads=2", "--argmind.limits.requests=16");

        private Shared() {}
    }

    /** One that tests may share which do not depend on its limits; it ends with the process. */
    public static Service shared() {
        return Shared.INSTANCE;
    }

    public static Service start(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--server.port=0");
        all.add("--server.address=127.0.0.1");
        all.add("--management.server.port=0");
        all.add("--management.server.address=127.0.0.1");
        all.add("--argmind.warm-up=0s");
        if (all.stream().noneMatch(a -> a.startsWith("--argmind.security.mode="))) {
            all.add("--argmind.security.mode=none");
        }
        if (all.stream().noneMatch(a -> a.startsWith("--argmind.drain="))) {
            all.add("--argmind.drain=0s");
        }
        SpringApplication application =
                new SpringApplication(Application.class, WithTestSolver.class);
        return new Service(application.run(all.toArray(String[]::new)));
    }

    /** Puts the test solver behind the others; {@code auto} never takes it. */
    @Configuration(proxyBeanMethods = false)
    static class WithTestSolver {
        @Bean
        static BeanPostProcessor testSolver() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    if (bean instanceof Oracles oracles) {
                        List<Oracle> all = new ArrayList<>(oracles.all());
                        all.add(new EnumerationOracle());
                        return new Oracles(all);
                    }
                    if (!(bean instanceof Solvers solvers)) {
                        return bean;
                    }
                    List<io.argmind.solver.Solver> all = new ArrayList<>(solvers.all());
                    all.add(new TestSolver());
                    return new Solvers(all);
                }
            };
        }
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public int port() {
        return property("local.server.port");
    }

    public int managementPort() {
        return property("local.management.port");
    }

    private int property(String name) {
        return Integer.parseInt(Objects.requireNonNull(context.getEnvironment().getProperty(name)));
    }

    /** A client of the service's own port. */
    public Http http() {
        return new Http(port());
    }

    /** A client of the management port. */
    public Http management() {
        return new Http(managementPort());
    }

    @Override
    public void close() {
        RUNNING.remove(this);
        context.close();
    }
}
