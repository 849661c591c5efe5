package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.argmind.rest.Contract.Example;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A person at /swagger-ui: opens an operation, chooses an example, presses Execute and sees its
 * answer. Needs Chromium; screenshots are in target/swagger-ui.
 */
class SwaggerUiTest {
    private static final Path SCREENSHOTS = Path.of("target", "swagger-ui");
    private static final Map<String, String> OPERATIONS =
            Map.of(
                    "/problems",
                    "registerProblem",
                    "/solve",
                    "solve",
                    "/lpgd-backward",
                    "lpgdBackward");

    private static final String SCRIPT =
            """
            (async () => {
              const frame = () => new Promise(done => requestAnimationFrame(done));
              const until = async (what, get) => {
                const end = Date.now() + 30000;
                while (Date.now() < end) {
                  const got = get();
                  if (got) return got;
                  await frame();
                }
                throw new Error("not on the page: " + what);
              };
              const find = (selector, root = document) => until(selector, () => root.querySelector(selector));
              STEPS
            })()
            """;

    private static final String LOAD =
            """
            await find(".opblock");
            await find(".info .description");
            return document.querySelectorAll(".errors-wrapper").length;
            """;

    private static final String EXPAND =
            """
            const block = await find("#operations-optimization-OPERATION");
            if (!block.classList.contains("is-open")) (await find(".opblock-summary-control", block)).click();
            await find(".execute", block);
            block.scrollIntoView();
            return true;
            """;

    private static final String EXECUTE =
            """
            const block = await find("#operations-optimization-OPERATION");
            const select = await find(".opblock-section-request-body .examples-select-element", block);
            const text = () => block.querySelector(".opblock-section-request-body textarea")?.value;
            const before = text();
            if (select.value !== "EXAMPLE") {
              Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, "value").set.call(select, "EXAMPLE");
              select.dispatchEvent(new Event("change", {bubbles: true}));
              await until("EXAMPLE", () => text() !== before);
            }
            await until("a body", text);
            await frame();
            const clear = block.querySelector(".btn-clear");
            if (clear) {
              clear.click();
              await until("no answer", () => !block.querySelector(".live-responses-table"));
            }
            (await find(".execute", block)).click();
            const status = await find(".live-responses-table .response .response-col_status", block);
            const body = await find(".live-responses-table .response .response-col_description code", block);
            status.scrollIntoView({block: "center"});
            return {
              sent: (await find(".opblock-section-request-body textarea", block)).value,
              status: status.textContent,
              body: body.textContent
            };
            """;

    private static JsonNode run(Browser browser, String steps) {
        return browser.evaluate(SCRIPT.replace("STEPS", steps));
    }

    @Test
    void everyExampleCanBeExecutedAndIsAnswered() throws IOException {
        try (Browser browser = new Browser(Browser.required("SwaggerUiTest"), 1400, 1600)) {
            List<String> wrong = new ArrayList<>();
            String shown = "";
            for (Example example : Contract.examples()) {
                String operation = OPERATIONS.getOrDefault(example.path(), "");
                if (!operation.equals(shown)) {
                    show(browser, operation);
                    shown = operation;
                }
                String execute =
                        EXECUTE.replace("OPERATION", operation).replace("EXAMPLE", example.name());
                JsonNode seen = run(browser, execute);
                browser.screenshot(SCREENSHOTS.resolve(operation + "-" + example.name() + ".png"));
                if (seen.path("status").asString().startsWith("200")) {
                    requireAnswered(example, seen);
                } else {
                    wrong.add(example + ": " + seen);
                }
            }
            assertThat(wrong).isEmpty();
        }
    }

    /** On a page of its own: the page draws all that is open anew with every answer. */
    private static void show(Browser browser, String operation) {
        browser.open("about:blank");
        browser.open("http://127.0.0.1:" + Service.shared().port() + "/swagger-ui");
        assertThat(run(browser, LOAD).asInt()).as("errors on the page").isZero();
        browser.screenshot(SCREENSHOTS.resolve("page.png"));
        run(browser, EXPAND.replace("OPERATION", operation));
        browser.screenshot(SCREENSHOTS.resolve(operation + ".png"));
    }

    private static void requireAnswered(Example example, JsonNode seen) {
        assertThat(Http.parse(seen.path("sent").asString()))
                .as(example.name())
                .isEqualTo(Http.parse(example.request().toString()));
        Contract.requireSame(
                example.name(), example.response(), Http.parse(seen.path("body").asString()));
    }
}
