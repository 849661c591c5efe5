package io.argmind.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The table of values: their paths, defaults and the comments above them. */
final class ValuesTable {
    private static final Pattern LINE = Pattern.compile("( *)(?:# (.*)|([A-Za-z]+):.*)");

    private ValuesTable() {}

    /**
     * The table in Markdown. A value without a comment, whose keys have none either, is an error.
     */
    static String of(Path file) throws IOException {
        Map<String, String> comments = comments(Files.readString(file));
        StringBuilder table = new StringBuilder("| value | default | meaning |\n|---|---|---|\n");
        rows("", Chart.tree(file), comments, table);
        return table.toString();
    }

    private static void rows(
            String prefix, JsonNode node, Map<String, String> comments, StringBuilder table) {
        for (Map.Entry<String, JsonNode> child : node.properties()) {
            String path = prefix + child.getKey();
            String comment = comments.get(path);
            JsonNode value = child.getValue();
            boolean isSection =
                    value.isObject()
                            && comments.keySet().stream().anyMatch(k -> k.startsWith(path + "."));
            if (comment != null) {
                String shown = isSection ? "" : "`" + value + "`";
                table.append("| `%s` | %s | %s |\n".formatted(path, shown, comment));
            } else if (!isSection) {
                throw new IllegalStateException(file(path));
            }
            if (isSection) {
                rows(path + ".", value, comments, table);
            }
        }
    }

    private static String file(String path) {
        return "values.yaml: " + path + " has no comment above it";
    }

    /** The comments by the path of the key below them. */
    private static Map<String, String> comments(String text) {
        Map<String, String> comments = new HashMap<>();
        Deque<String> path = new ArrayDeque<>();
        StringBuilder comment = new StringBuilder();
        for (Iterator<String> lines = text.lines().iterator(); lines.hasNext(); ) {
            Matcher line = LINE.matcher(lines.next());
            if (!line.matches()) {
                comment.setLength(0);
            } else if (line.group(2) != null) {
                comment.append(comment.isEmpty() ? "" : " ").append(line.group(2));
            } else {
                while (path.size() > line.group(1).length() / 2) {
                    path.removeLast();
                }
                path.addLast(line.group(3));
                if (!comment.isEmpty()) {
                    comments.put(String.join(".", path), comment.toString().replace("|", "\\|"));
                    comment.setLength(0);
                }
            }
        }
        return comments;
    }
}
