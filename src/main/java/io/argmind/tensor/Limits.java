package io.argmind.tensor;

/**
 * What a document may hold at most, whatever its length in bytes.
 *
 * @param depth of nested objects and arrays, the document itself and numeric arrays included
 * @param stringLength in characters
 * @param nameLength of a field, in characters
 * @param numberLength of a JSON number, in digits
 * @param entries numbers in the whole document
 */
public record Limits(int depth, int stringLength, int nameLength, int numberLength, int entries) {

    public static final Limits DEFAULT = new Limits(32, 65_536, 256, 64, 64 << 20);

    public Limits {
        if (Math.min(Math.min(depth, stringLength), Math.min(nameLength, numberLength)) < 1
                || entries < 0) {
            throw new IllegalArgumentException(
                    "limits must be positive: depth %d, string %d, name %d, number %d, entries %d"
                            .formatted(depth, stringLength, nameLength, numberLength, entries));
        }
    }

    /** The same with another number of entries. */
    public Limits withEntries(int count) {
        return new Limits(depth, stringLength, nameLength, numberLength, count);
    }
}
