package io.argmind.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.argmind.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConeTest {
    private static Program program(int m, int[] integers, Cone... cones) {
        return new Program(
                Matrix.empty(1, 1),
                new double[1],
                Matrix.empty(0, 1),
                new double[0],
                Matrix.empty(m, 1),
                new double[m],
                new double[1],
                new double[] {1},
                integers,
                List.of(cones));
    }

    @Test
    void eachChecksItself() {
        assertThat(new Cone.Psd(3).dim()).isEqualTo(6);
        assertThat(new Cone.Psd(Cone.Psd.MAX_SIDE).dim()).isPositive();
        assertThat(new Cone.Nonnegative(0).dim()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> new Cone.Nonnegative(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Cone.SecondOrder(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Cone.Psd(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Cone.Psd(65536));
        assertThatIllegalArgumentException().isThrownBy(() -> new Cone.Power(1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Cone.Power(Double.NaN));
    }

    @Test
    void theyPartitionTheRows() {
        Program program =
                program(
                        7,
                        new int[0],
                        new Cone.Psd(2),
                        new Cone.Nonnegative(1),
                        new Cone.Power(1e-3));
        List<String> seen = new ArrayList<>();
        program.forEachCone((cone, start) -> seen.add(start + " " + cone.dim()));
        assertThat(seen).containsExactly("0 3", "3 1", "4 3");
        assertThat(program.isConic()).isTrue();
        assertThat(program.problemClass()).isEqualTo(ProblemClass.CONIC);
        assertThat(program.withCost(new double[] {2}).cones()).isEqualTo(program.cones());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> program(2, new int[0], new Cone.Exponential()));
    }

    @Test
    void nonnegativeConesAloneAreThePlainClass() {
        Program program =
                program(3, new int[] {0}, new Cone.Nonnegative(2), new Cone.Nonnegative(1));
        assertThat(program.isConic()).isFalse();
        assertThat(program.problemClass()).isEqualTo(ProblemClass.MILP);
        List<Integer> rows = new ArrayList<>();
        program.forEachCone((cone, start) -> rows.add(cone.dim()));
        assertThat(rows).containsExactly(3);
    }

    @Test
    void integersAndConesExclude() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> program(2, new int[] {0}, new Cone.SecondOrder(2)));
    }
}
