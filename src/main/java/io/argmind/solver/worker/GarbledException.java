package io.argmind.solver.worker;

import java.io.IOException;

/** What came over the wire is not of its form. */
final class GarbledException extends IOException {
    private static final long serialVersionUID = 1;

    GarbledException(String message) {
        super(message);
    }
}
