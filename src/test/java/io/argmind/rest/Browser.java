package io.argmind.rest;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A page of a headless Chromium, driven through its DevTools protocol. All pages are of one
 * process, which starts with the first and ends with this one.
 */
final class Browser implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final String ON_A_MAC =
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
    private static final String LISTENING = "DevTools listening on ";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final WebSocket socket;
    private final int width;
    private final int height;
    private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private int last;

    /** Where Chromium is. Without one the test is skipped by name, but fails in CI. */
    static Path required(String test) {
        Optional<Path> found = find();
        if (found.isEmpty()) {
            String how =
                    test
                            + " needs Chromium or Chrome on the PATH, or named by CHROMIUM; there is none";
            if (System.getenv("CI") != null) {
                fail(how);
            }
            abort(how);
        }
        return found.orElseThrow();
    }

    /** What CHROMIUM names, or one on the PATH. */
    private static Optional<Path> find() {
        String named = System.getenv("CHROMIUM");
        if (named != null) {
            return Optional.of(Path.of(named)).filter(Files::isExecutable);
        }
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        Stream<Path> onPath =
                Stream.of(path.split(File.pathSeparator, -1))
                        .flatMap(directory -> NAMES.stream().map(name -> Path.of(directory, name)));
        return Stream.concat(onPath, Stream.of(Path.of(ON_A_MAC)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The process. */
    private static final class Running {
        private static @Nullable Running running;

        private final Process process;
        private final Path profile;
        private final String address;

        private Running(Path chromium) throws IOException {
            profile = Files.createTempDirectory("argmind-browser");
            process =
                    new ProcessBuilder(
                                    chromium.toString(),
                                    "--headless=new",
                                    "--no-sandbox", // it visits our own page only, often as root in
                                    // a container
                                    "--disable-gpu",
                                    "--disable-dev-shm-usage",
                                    "--no-first-run",
                                    "--remote-debugging-port=0",
                                    "--user-data-dir=" + profile,
                                    "about:blank")
                            .redirectErrorStream(true)
                            .start();
            address =
                    address(process).replaceFirst("^ws:", "http:").replaceFirst("/devtools/.*", "");
            Runtime.getRuntime().addShutdownHook(new Thread(this::end));
        }

        static synchronized Running of(Path chromium) throws IOException {
            if (running == null || !running.process.isAlive()) {
                running = new Running(chromium);
            }
            return running;
        }

        /** Where a new page listens. */
        String page() throws IOException {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(address + "/json/new?about:blank"))
                            .PUT(HttpRequest.BodyPublishers.noBody())
                            .build();
            try {
                String page = CLIENT.send(request, BodyHandlers.ofString()).body();
                return MAPPER.readTree(page).path("webSocketDebuggerUrl").asString();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        private void end() {
            // its children write to the profile too, and nobody finds them once it is gone
            List<ProcessHandle> family =
                    Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
            process.destroy();
            for (ProcessHandle member : family) {
                member.onExit()
                        .completeOnTimeout(member, 10, TimeUnit.SECONDS)
                        .thenAccept(ProcessHandle::destroyForcibly)
                        .thenCompose(done -> member.onExit())
                        .join();
            }
            try (Stream<Path> files = Files.walk(profile)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /**
     * A new page.
     *
     * @param width of what is seen of it, in pixels
     */
    Browser(Path chromium, int width, int height) throws IOException {
        this.width = width;
        this.height = height;
        String page = Running.of(chromium).page();
        socket = CLIENT.newWebSocketBuilder().buildAsync(URI.create(page), new Listener()).join();
        resize();
    }

    /** Makes it as large as it was at first. */
    void resize() {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    private static String address(Process process) throws IOException {
        BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.append(line).append('\n');
            if (line.startsWith(LISTENING)) {
                Thread.startVirtualThread(
                        () -> out.lines().forEach(rest -> {})); // or the pipe fills up
                return line.substring(LISTENING.length()).strip();
            }
        }
        throw new IOException("Chromium ended before it was ready:\n" + said);
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean end) {
            message.append(data);
            if (end) {
                JsonNode document = MAPPER.readTree(message.toString());
                message.setLength(0);
                CompletableFuture<JsonNode> waiting = pending.remove(document.path("id").asInt(-1));
                if (waiting != null) {
                    waiting.complete(document);
                } else if (document.has("method")) {
                    events.add(document);
                }
            }
            from.request(1);
            return null;
        }
    }

    JsonNode call(String method, Map<String, ?> parameters) {
        int id = ++last;
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        pending.put(id, answer);
        String message =
                MAPPER.writeValueAsString(Map.of("id", id, "method", method, "params", parameters));
        socket.sendText(message, true).join();
        JsonNode document = answer.orTimeout(60, TimeUnit.SECONDS).join();
        if (document.has("error")) {
            throw new IllegalStateException(method + ": " + document.path("error"));
        }
        return document.path("result");
    }

    /** The value of an expression, or of the promise that it is. */
    JsonNode evaluate(String expression) {
        Map<String, ?> parameters =
                Map.of("expression", expression, "awaitPromise", true, "returnByValue", true);
        JsonNode result = call("Runtime.evaluate", parameters);
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.path("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** The parameters of all events of a kind so far; their domain must have been enabled. */
    List<JsonNode> events(String method) {
        return events.stream()
                .filter(event -> event.path("method").asString().equals(method))
                .map(event -> event.path("params"))
                .toList();
    }

    void forgetEvents() {
        events.clear();
    }

    void open(String url) {
        call("Page.enable", Map.of());
        call("Page.bringToFront", Map.of()); // pages that nobody sees are drawn seldom
        call("Page.navigate", Map.of("url", url));
    }

    void screenshot(Path file) {
        String data =
                call("Page.captureScreenshot", Map.of("format", "png")).path("data").asString();
        try {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.write(file, Base64.getDecoder().decode(data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        call("Page.close", Map.of());
        socket.abort();
    }
}
