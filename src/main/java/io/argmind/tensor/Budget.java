package io.argmind.tensor;

/** How many more numbers a document may hold, and what its values take until now. */
final class Budget {
    /**
     * A number that is collected: its part in a buffer that has grown, in the one that it grew from
     * and in the array that it ends in.
     */
    private static final int COLLECTED = 32;

    /** A number in its array. */
    private static final int ALONE = Double.BYTES;

    private static final long STEP = 1 << 20;

    private final Path path;
    private final Weight weight;
    private final int entries;
    private int left;
    private long others;
    private long collecting;
    private long said;

    Budget(int entries, Path path, Weight weight) {
        this.path = path;
        this.weight = weight;
        this.entries = entries;
        left = entries;
    }

    /** Numbers that are collected one by one. */
    void spend(int count) {
        require(count);
        gather(count);
    }

    /** Numbers that are decoded into an array of their own. */
    void spendTogether(int count) {
        require(count);
        say();
    }

    /** Numbers that have been counted and are copied into a buffer. */
    void gather(int count) {
        collecting += (long) (COLLECTED - ALONE) * count;
        say();
    }

    /** Another value, which is no number. */
    void spendObject(int bytes) {
        others += bytes;
        say();
    }

    /** All has been read, and the buffers are gone. */
    void settle() {
        collecting = 0;
        weight.is(bytes());
    }

    private void require(int count) {
        if (count > left) {
            throw path.malformed(
                    "more than "
                            + entries
                            + " numbers in one document of its length (rows of null count in full)");
        }
        left -= count;
    }

    private long bytes() {
        return (long) ALONE * (entries - left) + collecting + others;
    }

    private void say() {
        long bytes = bytes();
        if (bytes - said >= STEP) {
            said = bytes;
            weight.is(bytes);
        }
    }
}
