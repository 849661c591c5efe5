package io.argmind.tensor;

/** How many more numbers a document may hold. */
final class Budget {

    private final Path path;
    private final int entries;
    private int left;

    Budget(int entries, Path path) {
        this.entries = entries;
        this.path = path;
        left = entries;
    }

    void spend(int count) {
        if (count > left) {
            throw path.malformed(
                    "more than "
                            + entries
                            + " numbers in one document of its length (rows of null count in full)");
        }
        left -= count;
    }
}
