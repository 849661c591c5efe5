package io.argmind.config;

import io.argmind.dispatch.Admission;
import io.argmind.dispatch.BackwardService;
import io.argmind.dispatch.DiscreteService;
import io.argmind.dispatch.DispatchSettings;
import io.argmind.dispatch.RegisteredProblems;
import io.argmind.dispatch.RetainedSolves;
import io.argmind.dispatch.ServiceMeters;
import io.argmind.dispatch.SolveService;
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

    @Bean
    DocumentReader documentReader() {
        return new DocumentReader(Limits.DEFAULT);
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
    Admission admission(DispatchSettings settings, MeterRegistry registry) {
        return new Admission(settings, registry);
    }

    @Bean(destroyMethod = "close")
    Workers workers(DispatchSettings settings, MeterRegistry registry) {
        return new Workers(settings.threads(), registry);
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
    BackwardService backwardService(SolveService solves, ServiceMeters meters) {
        return new BackwardService(solves, meters);
    }
}
