package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.dispatch.Admission;
import io.argmind.dispatch.DispatchSettings;
import io.argmind.solver.Oracles;
import io.argmind.solver.Solvers;
import io.argmind.tensor.DocumentReader;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    /** Everything in it succeeds, and the service knows nothing of it. */
    @Test
    void solvesAndDifferentiates() throws IOException {
        Service service = Service.shared();
        double before = solves(service);
        try (Rehearsal rehearsal =
                new Rehearsal(
                        service.bean(Solvers.class),
                        service.bean(Oracles.class),
                        service.bean(DispatchSettings.class),
                        service.bean(DocumentReader.class))) {
            assertThat(rehearsal.scenes()).isPositive();
            for (int round = 0; round < 2; round++) {
                for (int k = 0; k < rehearsal.scenes(); k++) {
                    assertThat(rehearsal.perform(k)).containsOnly("optimal", "ok");
                }
            }
        }
        assertThat(solves(service)).isEqualTo(before);
        assertThat(service.bean(Admission.class).idle()).isPositive();
    }

    private static double solves(Service service) {
        return new Metrics(service).sum("argmind_instances_total");
    }
}
