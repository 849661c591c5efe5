package io.argmind.dispatch;

import java.util.regex.Pattern;

/**
 * Who asks. Quotas, the share of the solver threads and what is kept between requests are a
 * tenant's own.
 *
 * @param name as the keys file or the token says it: 1 to 128 printable characters without spaces
 */
public record Tenant(String name) {
    /** The request attribute that has the tenant of a request. */
    public static final String ATTRIBUTE = "argmind.tenant";

    private static final Pattern NAME = Pattern.compile("[\\x21-\\x7E]{1,128}");

    /** Everybody, where nobody is asked who he is. */
    public static final Tenant ANYONE = new Tenant("anyone");

    public Tenant {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "a tenant's name has 1 to 128 printable ASCII characters without spaces");
        }
    }

    /** Whether a tenant may be called so. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }
}
