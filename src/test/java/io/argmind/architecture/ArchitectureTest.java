package io.argmind.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The allowed arrows between packages. A package that does not exist yet holds no class and so
 * breaks no rule; a package that is not listed here breaks one.
 */
class ArchitectureTest {

    private static final String ROOT = "io.argmind";

    private static final String SOLVERS = ROOT + ".solver.*..";

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(ROOT);

    /** Which of our packages each package may import, besides itself; sub-packages included. */
    private static final Map<String, List<String>> MAY_IMPORT =
            Map.of(
                    "linalg", List.of(),
                    "tensor", List.of(),
                    "problem", List.of("linalg"),
                    "solution", List.of("problem", "linalg"),
                    "solver", List.of("solution", "problem", "linalg"),
                    "lpgd", List.of("solver", "solution", "problem", "linalg"),
                    "dispatch", List.of("lpgd", "solver", "solution", "problem", "linalg"),
                    "security", List.of("dispatch"),
                    "rest",
                            List.of(
                                    "dispatch",
                                    "lpgd",
                                    "solver",
                                    "solution",
                                    "problem",
                                    "linalg",
                                    "tensor"));

    /** The only packages that may import what a library offers. */
    private static final Map<String, List<String>> ONLY_IMPORTERS =
            Map.of(
                    "org.springframework..",
                            List.of(
                                    ROOT,
                                    ROOT + ".rest..",
                                    ROOT + ".security..",
                                    ROOT + ".config.."),
                    "org.springframework.security..", List.of(ROOT + ".security.."),
                    "com.nimbusds..", List.of(ROOT + ".security.."),
                    "com.google.ortools..", List.of(ROOT + ".solver.ortools.."),
                    "org.ojalgo..", List.of(ROOT + ".solver.ojalgo.."),
                    "org.jgrapht..", List.of(ROOT + ".solver.graph.."),
                    "jdk.incubator.vector..", List.of(ROOT + ".linalg.."));

    static Stream<String> packages() {
        return MAY_IMPORT.keySet().stream().sorted();
    }

    static Stream<String> libraries() {
        return ONLY_IMPORTERS.keySet().stream().sorted();
    }

    @Test
    void everyClassIsInAKnownPackage() {
        String[] known =
                Stream.concat(MAY_IMPORT.keySet().stream(), Stream.of("config"))
                        .map(ArchitectureTest::tree)
                        .toArray(String[]::new);
        assertThat(CLASSES)
                .filteredOn(resideInAnyPackage(known).negate())
                .extracting(JavaClass::getName)
                .containsOnly(ROOT + ".Application", ROOT + ".package-info");
    }

    @ParameterizedTest
    @MethodSource("packages")
    void importsOnlyAllowedPackages(String from) {
        String[] allowed =
                Stream.concat(Stream.of(from), MAY_IMPORT.getOrDefault(from, List.of()).stream())
                        .map(ArchitectureTest::tree)
                        .toArray(String[]::new);
        noClasses()
                .that(resideInAPackage(tree(from)))
                .should()
                .dependOnClassesThat(
                        resideInAPackage(ROOT + "..").and(resideInAnyPackage(allowed).negate()))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void onlyTheseImportALibrary(String library) {
        String[] importers = ONLY_IMPORTERS.getOrDefault(library, List.of()).toArray(String[]::new);
        noClasses()
                .that(resideInAnyPackage(importers).negate())
                .should()
                .dependOnClassesThat(resideInAPackage(library))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void noSolverKnowsAnother() {
        slices().matching(ROOT + ".solver.(*)..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** Everything is written against the SPI; only the wiring knows which solvers there are. */
    @Test
    void onlyConfigKnowsTheSolvers() {
        noClasses()
                .that(resideInAnyPackage(SOLVERS, tree("config")).negate())
                .should()
                .dependOnClassesThat(resideInAPackage(SOLVERS))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static String tree(String name) {
        return ROOT + "." + name + "..";
    }
}
