package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * A person at the playground. Every number on the page is compared with what the service answers to
 * the request that the page shows, sent again from here. Needs Chromium; screenshots are in
 * target/playground.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlaygroundTest {
    private static final double UNITS_ACROSS = 8.8;
    private static final double UNITS_UP = 7;

    private PlaygroundPage page;
    private PlaygroundNumbers numbers;
    private boolean refusalExpected;

    @BeforeAll
    void start() throws IOException {
        page = new PlaygroundPage(Browser.required("PlaygroundTest"), Service.shared().port());
        numbers = new PlaygroundNumbers(page, Service.shared().http());
    }

    @AfterAll
    void stop() {
        if (page != null) {
            page.close();
        }
    }

    @BeforeEach
    void open() {
        refusalExpected = false;
        page.open("");
    }

    @AfterEach
    void nothingIsWrong() {
        page.requireAtHome();
        if (!refusalExpected) {
            assertThat(page.complaints()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lp", "zero", "qp", "integer", "proximal", "one-sided"})
    void everyNumberIsTheServices(String preset) {
        page.choose(preset);
        page.screenshot(preset);
        numbers.requireTheServices();
    }

    /** Where the service asks for keys, the page does, and keeps none. */
    @Test
    void aKeyIsAskedFor(@TempDir Path folder) throws IOException {
        String key = "argmind_" + "k".repeat(43);
        KeysFile file = new KeysFile(folder, KeysFile.line("a", key));
        try (Service keyed = Service.start(file.arguments());
                PlaygroundPage asked =
                        new PlaygroundPage(Browser.required("PlaygroundTest"), keyed.port())) {
            asked.open("");
            assertThat(asked.text("story")).contains("401");
            assertThat(hidden(asked)).isFalse();
            asked.screenshot("key");
            asked.enter("key", key + "x");
            assertThat(asked.text("story")).contains("401");
            assertThat(hidden(asked)).isFalse();
            asked.evaluate("document.getElementById('key').value = ''");
            asked.enter("key", key);
            assertThat(asked.text("story")).doesNotContain("401");
            assertThat(hidden(asked)).isTrue();
            assertThat(asked.value("x-star").isArray()).isTrue();
            String kept =
                    "JSON.stringify([location.href, {...localStorage}, {...sessionStorage}, document.cookie])";
            assertThat(asked.evaluate(kept).asString()).doesNotContain(key);
            asked.open("");
            assertThat(hidden(asked)).isFalse();
        }
    }

    private static boolean hidden(PlaygroundPage page) {
        return page.evaluate("document.getElementById('ask-key').hidden").asBoolean();
    }

    private double[] vector(String name) {
        JsonNode request = page.request("backward");
        JsonNode c =
                name.equals("c")
                        ? request.path("solve").path("problem").path("c")
                        : request.path("gradient").path("x");
        return new double[] {c.get(0).asDouble(), c.get(1).asDouble()};
    }

    private double pixelsPerUnit() {
        JsonNode size =
                page.evaluate(
                        "(b => [b.width, b.height])(document.getElementById('plane').getBoundingClientRect())");
        return Math.min(size.get(0).asDouble() / UNITS_ACROSS, size.get(1).asDouble() / UNITS_UP);
    }

    @Test
    void draggingTheCostMovesTheSolution() {
        JsonNode before = page.value("x-star");
        page.drag("handle-c", 150, 60);
        double scale = pixelsPerUnit();
        assertThat(vector("c")[0]).isCloseTo(-1 + 150 / scale, within(0.02));
        assertThat(vector("c")[1]).isCloseTo(-0.45 - 60 / scale, within(0.02));
        assertThat(page.value("x-star")).isNotEqualTo(before);
        numbers.requireTheServices();
    }

    @Test
    void draggingTheUpstreamGradientAndTheHalfPlanes() {
        page.drag("handle-g", -120, 90);
        assertThat(vector("g")[0]).isCloseTo(0.4 - 120 / pixelsPerUnit(), within(0.02));
        JsonNode before = page.request("solve").path("problem");
        page.drag("handle-shift-1", -60, 0);
        page.drag("handle-turn-2", 40, 40);
        JsonNode after = page.request("solve").path("problem");
        assertThat(after.path("h").get(0).asDouble())
                .isCloseTo(
                        before.path("h").get(0).asDouble() - 60 / pixelsPerUnit() * 0.9903,
                        within(0.02));
        assertThat(after.path("G").get(0)).isEqualTo(before.path("G").get(0));
        assertThat(after.path("G").get(1)).isNotEqualTo(before.path("G").get(1));
        numbers.requireTheServices();
    }

    @Test
    void handlesMoveWithKeys() {
        page.press("handle-c", "ArrowRight", false);
        assertThat(vector("c")).containsExactly(-0.95, -0.45);
        page.press("handle-c", "ArrowUp", true);
        assertThat(vector("c")).containsExactly(-0.95, -0.2);
        page.press("handle-turn-1", "ArrowLeft", true);
        JsonNode row = page.request("solve").path("problem").path("G").get(0);
        assertThat(row.get(0).asDouble()).isCloseTo(Math.cos(Math.toRadians(18)), within(1e-4));
        assertThat(page.evaluate("document.activeElement.id").asString())
                .isEqualTo("handle-turn-1");
        numbers.requireTheServices();
    }

    @Test
    void slidingTauOnAQuadraticProgram() {
        page.choose("qp");
        page.press("tau", "Home", false);
        assertThat(page.request("backward").path("tau").asDouble()).isEqualTo(1e-3);
        numbers.requireTheServices();
        JsonNode small = page.value("grad-c");
        page.pick("method", "implicit");
        numbers.requireTheServices();
        JsonNode exact = page.value("grad-c");
        for (int i = 0; i < 2; i++) {
            assertThat(small.get(i).asDouble()).isCloseTo(exact.get(i).asDouble(), within(1e-8));
        }
        page.pick("method", "lpgd");
        page.press("tau", "End", false);
        assertThat(page.request("backward").path("tau").asDouble()).isEqualTo(100);
        numbers.requireTheServices();
        assertThat(page.value("grad-c").get(1).asDouble())
                .isNotCloseTo(exact.get(1).asDouble(), within(0.5));
    }

    @Test
    void integerPointsShowTheLattice() {
        page.pick("kind", "integer");
        assertThat(page.request("solve").path("problem").path("integers").toString())
                .isEqualTo("[0,1]");
        for (JsonNode entry : page.value("x-star")) {
            assertThat(entry.asDouble()).isEqualTo(Math.rint(entry.asDouble()));
        }
        assertThat(page.evaluate("document.querySelectorAll('.lattice.in').length").asInt())
                .isBetween(10, 40);
        assertThat(page.text("story")).contains("Degenerate");
        numbers.requireTheServices();
    }

    @ParameterizedTest
    @CsvSource({
        "infeasible, Infeasible: no point",
        "unbounded, Unbounded: the cost falls",
        "one-sided, One-sided: the upper",
        "zero, The exact derivative says: x* stays"
    })
    void whatHappenedIsSaidInWords(String preset, String words) {
        page.choose(preset);
        page.screenshot(preset);
        assertThat(page.text("story")).startsWith(words);
    }

    @Test
    void withoutASolutionThereAreNoNumbers() {
        page.choose("infeasible");
        assertThat(page.value("x-star").isNull()).isTrue();
        assertThat(page.value("grad-c").isNull()).isTrue();
        assertThat(page.text("code-backward")).startsWith("There is no solution");
    }

    @Test
    void aRefusalIsShownInTheServicesWords() {
        refusalExpected = true; // browsers log every 422
        page.choose("integer");
        page.pick("method", "implicit");
        assertThat(page.text("story")).startsWith("The service refuses this: /method: 'implicit'");
        assertThat(page.value("grad-c").isNull()).isTrue();
        page.pick("method", "lpgd");
        numbers.requireTheServices();
    }

    /** The first solve is answered only after a second one was shown, and is not shown then. */
    @Test
    void lateAnswersAreNotShown() {
        page.evaluate(
                """
                (async () => {
                  const real = window.fetch;
                  let held = false;
                  window.fetch = async (path, options) => {
                    if (held || path !== "/solve") return real(path, options);
                    held = true;
                    const {signal, ...rest} = options;
                    const response = await real(path, rest);
                    await new Promise(done => window.release = done);
                    return response;
                  };
                  document.querySelector("[data-preset=unbounded]").click();
                  while (!window.release) await new Promise(done => setTimeout(done, 20));
                })()
                """);
        page.choose("integer");
        page.evaluate("window.release(), new Promise(done => setTimeout(done, 500))");
        assertThat(page.text("story")).startsWith("Solved again");
        numbers.requireTheServices();
    }

    @Test
    void aServiceThatCannotBeReachedIsSaid() {
        page.evaluate("window.fetch = () => Promise.reject(new TypeError('no way'))");
        page.choose("qp");
        assertThat(page.text("story")).startsWith("The service cannot be reached");
    }

    @Test
    void theAddressHoldsTheSetting() {
        page.choose("proximal");
        page.press("handle-c", "ArrowUp", false);
        JsonNode request = page.request("backward");
        page.evaluate("new Promise(done => setTimeout(done, 400))");
        String fragment = page.evaluate("location.hash").asString();
        page.open(fragment);
        assertThat(page.request("backward")).isEqualTo(request);
        page.open("#kind=lp&tau=often&c=1");
        assertThat(page.text("preset-note")).contains("tau, c");
        numbers.requireTheServices();
    }

    @Test
    void aPhoneIsWideEnough() {
        page.phone();
        try {
            page.open("");
            assertThat(page.evaluate("document.documentElement.scrollWidth").asInt())
                    .isLessThanOrEqualTo(390);
            page.screenshot("phone");
            page.swipe("handle-c", 60, 20);
            assertThat(vector("c")[0]).isCloseTo(-1 + 60 / pixelsPerUnit(), within(0.03));
            numbers.requireTheServices();
        } finally {
            page.desktop();
        }
    }

    @Test
    void darkIsDark() {
        String paper = "getComputedStyle(document.body).backgroundColor";
        assertThat(page.evaluate(paper).asString()).isEqualTo("rgb(246, 245, 241)");
        page.scheme("dark");
        try {
            assertThat(page.evaluate(paper).asString()).isEqualTo("rgb(18, 22, 28)");
            page.screenshot("dark");
        } finally {
            page.scheme("light");
        }
    }

    @Test
    void steppingDownLowersTheLoss() {
        double before = page.value("loss").asDouble();
        for (int k = 0; k < 8; k++) {
            page.evaluate("document.getElementById('descend').click()");
            page.settle();
        }
        assertThat(page.value("loss").asDouble()).isLessThan(before - 1);
        numbers.requireTheServices();
    }
}
