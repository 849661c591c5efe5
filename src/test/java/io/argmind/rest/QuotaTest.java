package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.dispatch.Admission;
import io.argmind.rest.Http.Reply;
import io.argmind.testkit.TestSolver;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** With {@code requests-per-client} one client alone cannot fill the service. */
class QuotaTest {
    private static final String LP = "{'problem': {'c': [1], 'lb': 0}}";

    @Test
    void aClientOverItsQuotaIsToldSo() throws Exception {
        try (Service service =
                Service.start(
                        "--argmind.solver.threads=2", "--argmind.limits.requests-per-client=1")) {
            Http http = service.http();
            String slow =
                    "{'problem': {'c': [" + TestSolver.SLEEP + "], 'lb': 0}, 'solver': 'test'}";
            int before = TestSolver.BEGUN.get();
            CompletableFuture<Reply> first =
                    http.sendAsync(http.posting("/solve", slow).header("X-Server-Timeout", "3"));
            OverloadTest.await(() -> TestSolver.BEGUN.get() > before || first.isDone());
            assertThat(first).isNotDone();

            Reply second = http.post("/solve", LP);
            Refusals.require(second, ErrorCode.QUOTA_EXCEEDED, "POST", "/solve");
            OverloadTest.requireRetryHint(second);

            assertThat(first.get().status()).isEqualTo(200);
            OverloadTest.await(() -> service.bean(Admission.class).inFlight() == 0);
            assertThat(http.post("/solve", LP).status()).isEqualTo(200);
        }
    }
}
