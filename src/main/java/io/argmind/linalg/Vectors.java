package io.argmind.linalg;

import java.util.Arrays;

/** The few vector kernels that everyone needs. */
public final class Vectors {
    /** Sums of squares below this may have lost some of them to underflow. */
    private static final double SMALLEST_SQUARE = 1e-280;

    private Vectors() {}

    /** max |x_i|; 0 for no entries, NaN if any entry is NaN. */
    public static double normInf(double[] x) {
        return Kernels.maxAbs(x, 0, x.length);
    }

    /** The Euclidean norm, safe against overflow. */
    public static double norm2(double[] x) {
        double scale = normInf(x);
        if (scale == 0 || !Double.isFinite(scale)) {
            return scale;
        }
        double sum = 0;
        for (double v : x) {
            sum += v / scale * (v / scale);
        }
        return scale * Math.sqrt(sum);
    }

    public static double dot(double[] x, double[] y) {
        return Kernels.dot(x, 0, y, 0, x.length);
    }

    /** y += alpha x. */
    public static void addTimes(double alpha, double[] x, double[] y) {
        for (int i = 0; i < x.length; i++) {
            y[i] += alpha * x[i];
        }
    }

    /** ||x - y||, safe against overflow. */
    public static double distance(double[] x, double[] y) {
        if (Arrays.equals(x, y)) {
            return 0;
        }
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double d = x[i] - y[i];
            sum += d * d;
        }
        boolean exact = sum > SMALLEST_SQUARE && sum < Double.POSITIVE_INFINITY;
        return exact ? Math.sqrt(sum) : norm2(minus(x, y));
    }

    /** x - y as a new array. */
    public static double[] minus(double[] x, double[] y) {
        double[] d = x.clone();
        addTimes(-1, y, d);
        return d;
    }

    /** In four sums without a branch, because whole request bodies pass through here. */
    public static boolean allFinite(double[] x) {
        double a = 0; // zero times a number is zero, times infinity or NaN it is NaN
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < x.length; i += 4) {
            a += 0 * x[i];
            b += 0 * x[i + 1];
            c += 0 * x[i + 2];
            d += 0 * x[i + 3];
        }
        for (; i < x.length; i++) {
            a += 0 * x[i];
        }
        return a + b + c + d == 0;
    }

    public static boolean isZero(double[] x) {
        return isZero(x, 0, x.length);
    }

    /** Whether x[from], ..., x[to - 1] are all 0. */
    public static boolean isZero(double[] x, int from, int to) {
        for (int i = from; i < to; i++) {
            if (x[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
