package io.argmind.tensor;

import java.util.List;
import java.util.Map;

/** One node of a request or response document, the same for JSON and CBOR. */
public sealed interface Value
        permits Value.Obj, Value.Items, Value.Text, Value.Bool, Value.Null, Tensor {

    /**
     * An object.
     *
     * @param members in the document's order; no name twice
     */
    record Obj(Map<String, Value> members) implements Value {}

    /**
     * An array that holds anything but numbers: strings, objects, booleans, or such arrays.
     *
     * @param values in order
     */
    record Items(List<Value> values) implements Value {}

    /**
     * A string. A field's "Infinity" is a string, too: it is a number only as an entry of an array.
     */
    record Text(String value) implements Value {}

    /** true or false. */
    record Bool(boolean value) implements Value {}

    /** null outside numeric arrays. */
    record Null() implements Value {}
}
