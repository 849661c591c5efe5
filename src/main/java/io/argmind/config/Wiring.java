package io.argmind.config;

import io.argmind.dispatch.Admission;
import io.argmind.dispatch.BackwardService;
import io.argmind.dispatch.DiscreteService;
import io.argmind.dispatch.DispatchSettings;
import io.argmind.dispatch.NoisyService;
import io.argmind.dispatch.Quotas;
import io.argmind.dispatch.RegisteredProblems;
import io.argmind.dispatch.RetainedSolves;
import io.argmind.dispatch.ServiceMeters;
import io.argmind.dispatch.SolveService;
import io.argmind.dispatch.SolverTime;
import io.argmind.dispatch.Workers;
import io.argmind.solver.Oracles;
import io.argmind.solver.Solvers;
import io.argmind.solver.worker.WorkerPool;
import io.argmind.tensor.DocumentReader;
import io.argmind.tensor.Limits;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the rooms of the house together. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ArgmindProperties.class)
class Wiring {
    /** The part of the heap that the numbers of one document may take. */
    private static final int HEAP_SHARE = 4;

    /**
     * A number's part in a buffer that has grown, the one it grew from and the array it ends in.
     */
    private static final int BYTES_WHILE_COLLECTED = 32;

    @Bean
    DispatchSettings dispatchSettings(ArgmindProperties properties) {
        return properties.dispatch();
    }

    /** Has no process where native back-ends are not isolated. */
    @Bean(destroyMethod = "close")
    WorkerPool workerPool(ArgmindProperties properties) {
        return new WorkerPool(
                WorkerMain.command(properties.workerHeapBytes()), properties.solver().count());
    }

    @Bean
    Backends backends(ArgmindProperties properties, WorkerPool pool) {
        return switch (properties.solver().isolation()) {
            case NONE -> Backends.here();
            case PROCESS -> Backends.in(pool);
        };
    }

    @Bean
    Solvers solvers(Backends backends) {
        return backends.solvers();
    }

    @Bean
    Oracles oracles(Backends backends) {
        return backends.oracles();
    }

    /**
     * Numbers may be as short as two bytes: the body's size alone does not bound what they take.
     */
    @Bean
    DocumentReader documentReader() {
        long most = Runtime.getRuntime().maxMemory() / HEAP_SHARE / BYTES_WHILE_COLLECTED;
        Limits limits = Limits.DEFAULT;
        return new DocumentReader(limits.withEntries((int) Math.min(limits.entries(), most)));
    }

    @Bean
    ServiceMeters serviceMeters(MeterRegistry registry) {
        return new ServiceMeters(registry);
    }

    @Bean
    ProcessMeters processMeters(WorkerPool pool) {
        return new ProcessMeters(pool);
    }

    @Bean
    Quotas quotas(ArgmindProperties properties) {
        return properties.quotas();
    }

    @Bean
    SolverTime solverTime(Quotas quotas, MeterRegistry registry) {
        return new SolverTime(quotas, registry);
    }

    @Bean
    Admission admission(
            DispatchSettings settings, Quotas quotas, SolverTime time, MeterRegistry registry) {
        return new Admission(settings, quotas, time, registry);
    }

    @Bean(destroyMethod = "close")
    Workers workers(
            DispatchSettings settings, Quotas quotas, SolverTime time, MeterRegistry registry) {
        return new Workers(settings.threads(), quotas, time, registry);
    }

    @Bean
    RetainedSolves retainedSolves(DispatchSettings settings, MeterRegistry registry) {
        return new RetainedSolves(settings, registry);
    }

    @Bean
    RegisteredProblems registeredProblems(DispatchSettings settings, MeterRegistry registry) {
        return new RegisteredProblems(settings, registry);
    }

    @Bean
    SolveService solveService(
            Solvers solvers, Workers workers, RetainedSolves retained, ServiceMeters meters) {
        return new SolveService(solvers, workers, retained, meters);
    }

    @Bean
    DiscreteService discreteService(
            Oracles oracles, Workers workers, RetainedSolves retained, ServiceMeters meters) {
        return new DiscreteService(oracles, workers, retained, meters);
    }

    @Bean
    NoisyService noisyService(SolveService solves, RetainedSolves retained, ServiceMeters meters) {
        return new NoisyService(solves, retained, meters);
    }

    @Bean
    BackwardService backwardService(SolveService solves, ServiceMeters meters) {
        return new BackwardService(solves, meters);
    }
}
