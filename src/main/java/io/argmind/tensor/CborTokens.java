package io.argmind.tensor;

/** The tokens of a CBOR document; a typed or multi-dimensional array (RFC 8746) is one token. */
final class CborTokens implements Tokens {

    private static final long SELF_DESCRIBED = 55_799;
    private static final long ENDLESS = -1;

    private final CborInput input;
    private final Limits limits;
    private final Path path;
    private final CborArrays arrays;

    /** Of each open array or map: the items to come, names included, or ENDLESS. */
    private final long[] left;

    private final boolean[] isMap;
    private final boolean[] nameNext;
    private int open;

    private double number;
    private String text = "";
    private Tensor tensor = Tensor.scalar(0);

    CborTokens(CborInput input, Limits limits, Path path, Budget budget) {
        this.input = input;
        this.limits = limits;
        this.path = path;
        arrays = new CborArrays(input, limits, budget, path);
        left = new long[limits.depth() + 1];
        isMap = new boolean[limits.depth() + 1];
        nameNext = new boolean[limits.depth() + 1];
    }

    @Override
    public Token next() {
        if (open == 0) {
            return first();
        }
        int top = open - 1;
        boolean wantsName = isMap[top] && nameNext[top];
        if (left[top] == ENDLESS
                ? (!isMap[top] || wantsName) && input.skipBreak()
                : left[top] == 0) {
            open--;
            return Token.END;
        }
        if (left[top] != ENDLESS) {
            left[top]--;
        }
        nameNext[top] = !wantsName;
        input.readHead();
        return wantsName ? name() : item();
    }

    @Override
    public double number() {
        return number;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public Tensor tensor() {
        return tensor;
    }

    @Override
    public void finish() {
        if (!input.atEnd()) {
            throw input.malformed("something follows the document's end");
        }
    }

    private Token first() {
        input.readHead();
        if (input.major() == CborInput.TAG && input.argument() == SELF_DESCRIBED) {
            input.readHead();
        }
        return item();
    }

    private Token name() {
        if (input.major() != CborInput.TEXT) {
            throw input.malformed("a field name that is not a text string");
        }
        text = string("a field name", limits.nameLength());
        return Token.NAME;
    }

    private Token item() {
        return switch (input.major()) {
            case CborInput.UNSIGNED, CborInput.NEGATIVE -> {
                number = input.integer();
                yield Token.NUMBER;
            }
            case CborInput.BYTES ->
                    throw input.malformed("a byte string without a typed array's tag (64 to 86)");
            case CborInput.TEXT -> {
                text = string("a string", limits.stringLength());
                yield Token.TEXT;
            }
            case CborInput.ARRAY, CborInput.MAP -> container();
            case CborInput.TAG -> {
                tensor = arrays.tagged();
                yield Token.TENSOR;
            }
            default -> simple();
        };
    }

    private Token container() {
        if (open == left.length) {
            throw path.malformed("nested deeper than " + limits.depth() + " levels");
        }
        boolean map = input.major() == CborInput.MAP;
        int count = input.count(map ? "an object" : "an array");
        left[open] = input.isIndefinite() ? ENDLESS : map ? 2L * count : count;
        isMap[open] = map;
        nameNext[open] = map;
        open++;
        return map ? Token.OBJECT : Token.ARRAY;
    }

    private Token simple() {
        return switch (input.info()) {
            case 20 -> Token.FALSE;
            case 21 -> Token.TRUE;
            case 22, 23 -> Token.NULL;
            default -> {
                number = arrays.floating();
                yield Token.NUMBER;
            }
        };
    }

    private String string(String what, int maxLength) {
        CborInput.Slice slice = input.string(what);
        // Too long even in the sparsest encoding, three bytes for a character: not worth decoding.
        if (slice.length() > 3L * maxLength) {
            throw path.malformed(what + " longer than " + maxLength + " characters");
        }
        String decoded = Utf8.decode(slice.bytes(), slice.offset(), slice.length());
        if (decoded == null) {
            throw input.malformed(what + " that is not UTF-8");
        }
        return decoded;
    }
}
