package io.argmind.linalg;

/**
 * The smallest eigenvalue of a dense symmetric matrix: Householder's reduction to tridiagonal form,
 * then bisection by Sturm sequences (Golub and Van Loan, Matrix Computations, 4th ed., 8.3.1 and
 * 8.4.1).
 */
public final class SmallestEigenvalue {
    private static final int HALVINGS = 200;

    private SmallestEigenvalue() {}

    /**
     * The smallest eigenvalue, to about 1e-14 of the largest.
     *
     * @param a [n, n] symmetric; overwritten
     * @param d [n] work
     * @param e [n] work
     */
    public static double of(double[] a, int n, double[] d, double[] e) {
        if (n == 1) {
            return a[0];
        }
        tridiagonalize(a, n, d, e);
        double low = Double.POSITIVE_INFINITY;
        double high = Double.POSITIVE_INFINITY;
        double size = 0;
        for (int i = 0; i < n; i++) {
            double off = (i > 0 ? Math.abs(e[i - 1]) : 0) + (i + 1 < n ? Math.abs(e[i]) : 0);
            low = Math.min(low, d[i] - off); // Gershgorin
            high = Math.min(high, d[i]);
            size = Math.max(size, Math.abs(d[i]) + off);
        }
        for (int k = 0; k < HALVINGS && high - low > 1e-15 * size; k++) {
            double middle = 0.5 * (low + high);
            if (isBelow(d, e, n, middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    /** Whether an eigenvalue is smaller than t. */
    private static boolean isBelow(double[] d, double[] e, int n, double t) {
        double pivot = d[0] - t;
        for (int i = 1; i < n; i++) {
            if (!(pivot > 0)) {
                return true;
            }
            pivot = d[i] - t - e[i - 1] * e[i - 1] / pivot;
        }
        return !(pivot > 0);
    }

    private static void tridiagonalize(double[] a, int n, double[] d, double[] e) {
        for (int k = 0; k < n - 1; k++) {
            d[k] = a[k * n + k];
            double sum = 0;
            for (int i = k + 1; i < n; i++) {
                sum += a[i * n + k] * a[i * n + k];
            }
            double head = a[(k + 1) * n + k];
            double alpha = head > 0 ? -Math.sqrt(sum) : Math.sqrt(sum);
            e[k] = alpha;
            double half = alpha * (alpha - head); // v'v / 2
            if (!(half > 0)) {
                continue;
            }
            a[(k + 1) * n + k] = head - alpha;
            reflect(a, n, k, half, d);
        }
        d[n - 1] = a[n * n - 1];
    }

    /** A := Q A Q on the trailing block, with Q = I - v v' / half and v in column k. */
    private static void reflect(double[] a, int n, int k, double half, double[] p) {
        double vp = 0;
        for (int i = k + 1; i < n; i++) {
            double sum = 0;
            for (int j = k + 1; j < n; j++) {
                sum += a[i * n + j] * a[j * n + k];
            }
            p[i] = sum / half;
            vp += p[i] * a[i * n + k];
        }
        double f = vp / (2 * half);
        for (int i = k + 1; i < n; i++) {
            p[i] -= f * a[i * n + k];
        }
        for (int i = k + 1; i < n; i++) {
            for (int j = k + 1; j < n; j++) {
                a[i * n + j] -= a[i * n + k] * p[j] + p[i] * a[j * n + k];
            }
        }
    }
}
