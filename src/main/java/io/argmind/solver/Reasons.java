package io.argmind.solver;

/** Says in words why a back-end was chosen. */
final class Reasons {
    private static final int PLAIN_FROM = -4;

    private Reasons() {}

    /**
     * That one is the fastest.
     *
     * @param names of all that were compared
     */
    static String fastest(String name, double seconds, String names) {
        return name
                + " is expected to be the fastest ("
                + twoDigits(1e3 * seconds)
                + " ms each) of "
                + names;
    }

    /**
     * A positive number in two significant digits, as {@code %.2g} writes it; but every request's
     * answer has one, and a format string takes longer than many solves.
     */
    static String twoDigits(double number) {
        if (!(number > 0) || number >= Double.POSITIVE_INFINITY) {
            return Double.toString(number);
        }
        int exponent = (int) Math.floor(Math.log10(number));
        long digits = Math.round(number * Math.pow(10, 1 - exponent));
        if (digits > 99) {
            digits = Math.round(number * Math.pow(10, -exponent));
            exponent++;
        }
        if (exponent < PLAIN_FROM || exponent > 1) {
            String sign = exponent < 0 ? "-" : "+";
            int size = Math.abs(exponent);
            return digits / 10 + "." + digits % 10 + "e" + sign + (size < 10 ? "0" : "") + size;
        }
        return switch (exponent) {
            case 1 -> Long.toString(digits);
            case 0 -> digits / 10 + "." + digits % 10;
            default -> "0." + "0".repeat(-exponent - 1) + digits;
        };
    }
}
