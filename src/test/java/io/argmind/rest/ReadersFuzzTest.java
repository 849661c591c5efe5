package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.argmind.dispatch.Allowance;
import io.argmind.dispatch.DeadlineExceededException;
import io.argmind.dispatch.NotKeptException;
import io.argmind.dispatch.Tenant;
import io.argmind.problem.InvalidProblemException;
import io.argmind.tensor.DocumentReader;
import io.argmind.tensor.DocumentWriter;
import io.argmind.tensor.MalformedDocumentException;
import io.argmind.tensor.Value;
import jakarta.servlet.ServletException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/**
 * Whatever is sent is either taken or refused with one of the declared exceptions (Jazzer). In a
 * build the targets run on their seeds, and on what was once found; {@code make fuzz} looks for
 * more. No solver is asked: the deadline has passed when the problem is there.
 */
class ReadersFuzzTest {
    private static final Service SERVICE = Service.shared();
    private static final DocumentReader READER = SERVICE.bean(DocumentReader.class);
    private static final DocumentWriter WRITER = new DocumentWriter();
    private static final SolveEndpoint SOLVE = SERVICE.bean(SolveEndpoint.class);
    private static final BackwardEndpoint BACKWARD = SERVICE.bean(BackwardEndpoint.class);
    private static final ProblemEndpoint PROBLEMS = SERVICE.bean(ProblemEndpoint.class);

    @FuzzTest
    void json(byte[] body) throws IOException {
        take(() -> READER.readJson(body, 0, body.length));
    }

    @FuzzTest
    void cbor(byte[] body) throws IOException {
        take(() -> READER.readCbor(body, 0, body.length));
    }

    private static void take(Supplier<Value> read) throws IOException {
        Value document;
        try {
            document = read.get();
        } catch (MalformedDocumentException e) {
            assertThat(e.detail()).isNotBlank();
            return;
        }
        write(document);
        long past = System.nanoTime() - 1;
        List<Supplier<Value>> endpoints =
                List.of(
                        () -> SOLVE.solve(document, past, Tenant.ANYONE, Allowance.UNLIMITED),
                        () ->
                                BACKWARD.differentiate(
                                        document, past, Tenant.ANYONE, Allowance.UNLIMITED),
                        () -> PROBLEMS.register(document, Tenant.ANYONE));
        for (Supplier<Value> endpoint : endpoints) {
            try {
                write(endpoint.get());
            } catch (MalformedRequestException
                    | InvalidProblemException
                    | NotKeptException
                    | DeadlineExceededException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    /** What was read can be written, and read again. */
    private static void write(Value document) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WRITER.writeCbor(document, out);
        assertThat(WRITER.cborLength(document)).isEqualTo(out.size());
        READER.readCbor(out.toByteArray(), 0, out.size());
        WRITER.writeJson(document, new ByteArrayOutputStream());
    }

    /** Lines of {@code name: value}. */
    @FuzzTest
    void headers(byte[] lines) throws IOException, ServletException {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/solve");
        request.setServletPath("/solve");
        request.setAttribute(Tenant.ATTRIBUTE, Tenant.ANYONE);
        for (String line : new String(lines, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            String[] pair = line.split(":", 2);
            if (pair.length == 2
                    && !pair[0].isBlank()
                    && !pair[0].equalsIgnoreCase("Content-Type")) {
                request.addHeader(pair[0], pair[1].strip());
            }
        }
        MockHttpServletResponse response = new MockHttpServletResponse();
        SERVICE.bean(AdmissionFilter.class)
                .doFilter(
                        request,
                        response,
                        (passed, _) -> {
                            long left =
                                    (long) passed.getAttribute(AdmissionFilter.DEADLINE)
                                            - System.nanoTime();
                            assertThat(left).isLessThanOrEqualTo(600_000_000_000L);
                        });
        assertThat(response.getStatus()).isIn(200, 400, 413, 415);
    }
}
