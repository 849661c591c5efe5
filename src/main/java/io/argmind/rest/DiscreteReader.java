package io.argmind.rest;

import io.argmind.problem.SentField;
import io.argmind.problem.discrete.Kind;
import io.argmind.problem.discrete.SentDiscrete;
import io.argmind.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the fields of a combinatorial problem. */
final class DiscreteReader {
    private static final String DIRECTED = "directed";

    private DiscreteReader() {}

    /** The costs alone decide on the precision: what makes the set is not answered. */
    static SentDiscrete read(ObjectReader in, Kind kind) {
        ProblemReader.Precision precision = new ProblemReader.Precision();
        Map<String, SentField.Array> arrays = new HashMap<>();
        List<String> names = new ArrayList<>(kind.fields());
        names.add(Kind.COST);
        for (String name : names) {
            Tensor tensor = name.equals(DIRECTED) ? null : in.tensor(name);
            if (tensor != null) {
                arrays.put(name, ProblemReader.array(tensor));
                if (name.equals(Kind.COST)) {
                    precision.see(tensor);
                }
            }
        }
        boolean hasDirected = kind.fields().contains(DIRECTED) && in.has(DIRECTED);
        return new SentDiscrete(
                kind,
                arrays,
                hasDirected ? (Boolean) in.bool(DIRECTED, true) : null,
                precision.isSingle());
    }
}
