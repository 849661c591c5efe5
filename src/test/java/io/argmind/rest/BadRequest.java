package io.argmind.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One row of the catalogue {@code bad-requests.txt}, in one encoding.
 *
 * @param encoding "json" or "cbor"; with "raw " in front if the body is not a document
 * @param row what stands in the catalogue, for people
 * @param body in JSON with single quotes, or in hexadecimal
 * @param pointers of all errors; an empty one is the whole body
 */
record BadRequest(
        String method,
        String path,
        String encoding,
        ErrorCode code,
        String row,
        String body,
        List<String> pointers) {

    private static final Pattern SECTION =
            Pattern.compile("\\[(\\w+) (/\\S+), ([a-z ]+), (\\d+) ([a-z-]+)] (.*)");
    private static final Pattern ROW = Pattern.compile("(.*) \\|(( /\\S*)+)");

    static List<BadRequest> catalogue() {
        List<BadRequest> all = new ArrayList<>();
        Matcher section = SECTION.matcher("");
        for (String line : lines()) {
            if (line.startsWith("[POST") || line.startsWith("[PUT")) {
                section = matching(SECTION, line);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                addRow(section, matching(ROW, line), all);
            }
        }
        return all;
    }

    private static List<String> lines() {
        try (InputStream in = BadRequest.class.getResourceAsStream("/bad-requests.txt")) {
            byte[] text = Objects.requireNonNull(in).readAllBytes();
            return new String(text, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Matcher matching(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a line of the catalogue: " + line);
        }
        return matcher;
    }

    private static void addRow(Matcher section, Matcher row, List<BadRequest> all) {
        ErrorCode code =
                ErrorCode.valueOf(section.group(5).toUpperCase(Locale.ROOT).replace('-', '_'));
        if (code.status().value() != Integer.parseInt(section.group(4))) {
            throw new IllegalArgumentException("not the status of " + code);
        }
        boolean raw = section.group(3).startsWith("raw ");
        String text = row.group(1);
        String put = section.group(3).equals("raw cbor") ? text.replaceAll("^.*: ", "") : text;
        List<String> pointers =
                List.of(row.group(2).strip().split(" ")).stream()
                        .map(pointer -> pointer.equals("/") ? "" : pointer)
                        .toList();
        for (String encoding : raw ? List.of(section.group(3)) : List.of("json", "cbor")) {
            all.add(
                    new BadRequest(
                            section.group(1),
                            section.group(2),
                            encoding,
                            code,
                            text,
                            section.group(6).replace("@", put),
                            pointers));
        }
    }

    Http.Reply send(Http http) {
        String type = encoding.endsWith("json") ? Http.JSON : Http.CBOR;
        if (!encoding.startsWith("raw")) {
            return http.exchange(method, path, Http.quoted(body), type, type);
        }
        byte[] bytes =
                type.equals(Http.CBOR)
                        ? HexFormat.of().parseHex(body.replace(" ", ""))
                        : body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return http.send(
                http.request(path)
                        .header("Content-Type", type)
                        .method(method, BodyPublishers.ofByteArray(bytes)));
    }

    @Override
    public String toString() {
        return encoding + " " + path + " " + row;
    }
}
