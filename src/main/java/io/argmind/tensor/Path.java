package io.argmind.tensor;

import org.jspecify.annotations.Nullable;

/** Where in the document the reader is, for messages; also counts the nesting. */
final class Path {

    private static final int BEFORE_FIRST = -1;

    private final @Nullable String[] names;
    private final int[] indices;
    private int depth;

    Path(int maxDepth) {
        names = new @Nullable String[maxDepth];
        indices = new int[maxDepth];
    }

    void enter() {
        if (depth == indices.length) {
            throw malformed("nested deeper than " + indices.length + " levels");
        }
        names[depth] = null;
        indices[depth] = BEFORE_FIRST;
        depth++;
    }

    void leave() {
        depth--;
    }

    /** In an object: at this field; null between fields. */
    void at(@Nullable String name) {
        names[depth - 1] = name;
    }

    /** In an array: at this entry. */
    void at(int index) {
        indices[depth - 1] = index;
    }

    MalformedDocumentException malformed(String detail) {
        return new MalformedDocumentException(pointer(), detail);
    }

    private String pointer() {
        StringBuilder pointer = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            String name = names[i];
            if (name != null) {
                pointer.append('/').append(name.replace("~", "~0").replace("/", "~1"));
            } else if (indices[i] != BEFORE_FIRST) {
                pointer.append('/').append(indices[i]);
            }
        }
        return pointer.toString();
    }
}
