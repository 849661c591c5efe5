package io.argmind.rest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The service's metrics as Prometheus scrapes them. */
public final class Metrics {
    private static final Pattern LINE =
            Pattern.compile("(?m)^([a-z_]+)(\\{[^}]*})? ([-+0-9.eEInfNa]+)$");

    private final String text;

    public Metrics(Service service) {
        text = service.management().get("/actuator/prometheus").text();
    }

    /** The sum over all series of a metric that have these tags. */
    public double sum(String name, String... tags) {
        double sum = 0;
        Matcher line = LINE.matcher(text);
        while (line.find()) {
            boolean matches = line.group(1).equals(name);
            for (String tag : tags) {
                matches &= line.group(2) != null && line.group(2).contains(tag);
            }
            sum += matches ? Double.parseDouble(line.group(3)) : 0;
        }
        return sum;
    }

    public boolean has(String name) {
        return Pattern.compile("(?m)^" + name + "[{ ]").matcher(text).find();
    }
}
