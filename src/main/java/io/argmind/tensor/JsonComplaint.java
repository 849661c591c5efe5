package io.argmind.tensor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The JSON parser's messages without what is about the parser itself. */
final class JsonComplaint {

    private static final Pattern NON_STANDARD = Pattern.compile("(?i)non-standard token '([^']*)'");
    private static final Pattern ABOUT_PARSER =
            Pattern.compile(
                    "\\s*(?:\\((?:for|maybe|not recognized|expected as).*|[:;,]\\s*(?:enable|to) .*"
                            + "|\\bin \\[.*|\\[Source.*)",
                    Pattern.DOTALL);
    private static final String PLAIN = "[^`]+";

    private JsonComplaint() {}

    static String of(String message) {
        if (message.contains("comment")) {
            return "JSON has no comments";
        }
        Matcher token = NON_STANDARD.matcher(message);
        if (token.find()) {
            return "JSON has no "
                    + token.group(1)
                    + ": use null for a missing number, or a string for an infinity";
        }
        String kept = ABOUT_PARSER.matcher(message).replaceFirst("");
        return kept.matches(PLAIN)
                ? Character.toLowerCase(kept.charAt(0)) + kept.substring(1)
                : "not JSON";
    }
}
