package io.argmind.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The playground in a browser, as a person uses it: with a pointer, a finger and keys. */
final class PlaygroundPage implements AutoCloseable {
    private static final Path SCREENSHOTS = Path.of("target", "playground");
    private static final Map<String, Integer> KEY_CODES =
            Map.of("End", 35, "Home", 36, "ArrowLeft", 37, "ArrowUp", 38, "ArrowRight", 39);
    private static final int SHIFT = 8; // of DevTools' modifiers

    private static final String SETTLE =
            """
            (async () => {
              for (let k = 0; k < 600; k++) {
                await new Promise(done => setTimeout(done, 50));
                if (document.querySelector("#main")?.dataset.state === "answered") return true;
              }
              throw new Error("never answered: " + document.querySelector("#story")?.textContent);
            })()
            """;

    private final Browser browser;
    private final String root;

    PlaygroundPage(Path chromium, int port) throws IOException {
        browser = new Browser(chromium, 1280, 1000);
        root = "http://127.0.0.1:" + port + "/";
        for (String domain : List.of("Runtime", "Log", "Network")) {
            browser.call(domain + ".enable", Map.of());
        }
    }

    /** Loads the page anew, with what follows # in its address, and waits for its numbers. */
    void open(String fragment) {
        browser.open("about:blank");
        browser.forgetEvents();
        browser.open(root + fragment);
        settle();
    }

    /** Waits until the page shows the answers to what it asked last. */
    void settle() {
        browser.evaluate(SETTLE);
    }

    JsonNode evaluate(String expression) {
        return browser.evaluate(expression);
    }

    String text(String id) {
        return browser.evaluate("document.getElementById('" + id + "').textContent").asString();
    }

    /** The number behind what an element shows. */
    JsonNode value(String id) {
        return Http.parse(
                browser.evaluate("document.getElementById('" + id + "').dataset.value").asString());
    }

    /** The body of a request as the page shows it. */
    JsonNode request(String tab) {
        String shown = text("code-" + tab);
        return Http.parse(shown.substring(shown.indexOf('{')));
    }

    void choose(String preset) {
        browser.evaluate("document.querySelector('[data-preset=" + preset + "]').click()");
        settle();
    }

    /** Clicks a radio button where a person sees it. */
    void pick(String name, String value) {
        String label = "input[name=" + name + "][value=" + value + "] + span";
        double[] at = centre(label);
        mouse("mousePressed", at);
        mouse("mouseReleased", at);
        settle();
    }

    /** The middle of an element, in pixels of the window, after it was scrolled into it. */
    private double[] centre(String selector) {
        JsonNode at =
                browser.evaluate(
                        """
                        (() => {
                          const element = document.querySelector("SELECTOR");
                          element.scrollIntoView({block: "center", behavior: "instant"});
                          const box = element.getBoundingClientRect();
                          return [box.x + box.width / 2, box.y + box.height / 2];
                        })()
                        """
                                .replace("SELECTOR", selector));
        return new double[] {at.get(0).asDouble(), at.get(1).asDouble()};
    }

    private void mouse(String type, double[] at) {
        Map<String, ?> event =
                Map.of(
                        "type",
                        type,
                        "x",
                        at[0],
                        "y",
                        at[1],
                        "button",
                        "left",
                        "buttons",
                        1,
                        "clickCount",
                        1);
        browser.call("Input.dispatchMouseEvent", event);
    }

    /** Drags a handle by so many pixels, in small steps, and lets go. */
    void drag(String id, int dx, int dy) {
        double[] from = centre("#" + id);
        mouse("mousePressed", from);
        for (int k = 1; k <= 8; k++) {
            mouse("mouseMoved", new double[] {from[0] + dx * k / 8.0, from[1] + dy * k / 8.0});
        }
        mouse("mouseReleased", new double[] {from[0] + dx, from[1] + dy});
        settle();
    }

    /** The same with a finger. */
    void swipe(String id, int dx, int dy) {
        double[] from = centre("#" + id);
        touch("touchStart", List.of(Map.of("x", from[0], "y", from[1])));
        for (int k = 1; k <= 8; k++) {
            double x = from[0] + dx * k / 8.0;
            touch("touchMove", List.of(Map.of("x", x, "y", from[1] + dy * k / 8.0)));
        }
        touch("touchEnd", List.of());
        settle();
    }

    private void touch(String type, List<?> points) {
        browser.call("Input.dispatchTouchEvent", Map.of("type", type, "touchPoints", points));
    }

    /** Writes into a field and sends its form. */
    void enter(String id, String text) {
        browser.evaluate("document.getElementById('" + id + "').focus()");
        browser.call("Input.insertText", Map.of("text", text));
        browser.evaluate("document.getElementById('" + id + "').form.requestSubmit()");
        settle();
    }

    /** Presses a key on an element. */
    void press(String id, String key, boolean shift) {
        browser.evaluate("document.getElementById('" + id + "').focus()");
        for (String type : List.of("keyDown", "keyUp")) {
            Map<String, ?> event =
                    Map.of(
                            "type",
                            type,
                            "key",
                            key,
                            "code",
                            key,
                            "windowsVirtualKeyCode",
                            KEY_CODES.get(key),
                            "modifiers",
                            shift ? SHIFT : 0);
            browser.call("Input.dispatchKeyEvent", event);
        }
        settle();
    }

    void phone() {
        browser.call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 390, "height", 844, "deviceScaleFactor", 2, "mobile", true));
        browser.call("Emulation.setTouchEmulationEnabled", Map.of("enabled", true));
    }

    void desktop() {
        browser.resize();
        browser.call("Emulation.setTouchEmulationEnabled", Map.of("enabled", false));
    }

    void scheme(String name) {
        Map<String, String> feature = Map.of("name", "prefers-color-scheme", "value", name);
        browser.call("Emulation.setEmulatedMedia", Map.of("features", List.of(feature)));
    }

    void screenshot(String name) {
        browser.screenshot(SCREENSHOTS.resolve(name + ".png"));
    }

    /** What went wrong since the page was opened, as the console says it. */
    List<String> complaints() {
        Stream<String> console =
                browser.events("Runtime.consoleAPICalled").stream().map(JsonNode::toString);
        Stream<String> thrown =
                browser.events("Runtime.exceptionThrown").stream().map(JsonNode::toString);
        Stream<String> logged =
                browser.events("Log.entryAdded").stream()
                        .map(event -> event.path("entry").path("text").asString());
        return Stream.of(console, thrown, logged).flatMap(all -> all).toList();
    }

    /** It spoke to its own service and to nobody else. */
    void requireAtHome() {
        List<String> urls =
                browser.events("Network.requestWillBeSent").stream()
                        .map(event -> event.path("request").path("url").asString())
                        .filter(url -> !url.startsWith("data:") && !url.equals("about:blank"))
                        .toList();
        assertThat(urls).isNotEmpty().allMatch(url -> url.startsWith(root));
    }

    @Override
    public void close() {
        browser.close();
    }
}
