package dev.holdfast.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dependencies point to core, and only what wires things together knows the implementations. */
class ArchitectureTest {
  private static final JavaClasses PROGRAM = classesOf("dev.holdfast");

  /** Exactly these packages: deeper ones with the same beginning are other modules'. */
  private static final String[] CORE = {
    "dev.holdfast.actor",
    "dev.holdfast.budget",
    "dev.holdfast.digest",
    "dev.holdfast.files",
    "dev.holdfast.image",
    "dev.holdfast.lease",
    "dev.holdfast.policy",
    "dev.holdfast.policy.shell",
    "dev.holdfast.run",
    "dev.holdfast.tool",
    "dev.holdfast.workbench",
    "dev.holdfast.workspace"
  };

  private static final String[] WIRING = {
    "dev.holdfast.cli..", "dev.holdfast.server..", "dev.holdfast.bench.."
  };

  @Test
  void coreUsesOnlyItselfTheJdkAndJson() {
    var allowed =
        Stream.concat(
            Arrays.stream(CORE),
            Stream.of(
                "java..",
                "tools.jackson..",
                "com.fasterxml.jackson.annotation..",
                "org.jspecify.annotations"));
    classes()
        .that()
        .resideInAnyPackage(CORE)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(String[]::new)))
        .check(PROGRAM);
  }

  @Test
  void coreReachesNoNetworkNoChannelAndNoNativeCode() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "java.nio.channels..", "java.lang.foreign..")
        .check(PROGRAM);
  }

  @ParameterizedTest
  @MethodSource
  void anImplementationIsKnownToItselfAndToWhatWiresItAlone(List<String> implementation) {
    var packages = implementation.toArray(String[]::new);
    var knowing = resideInAnyPackage(packages).or(resideInAnyPackage(WIRING));
    noClasses()
        .that(not(knowing))
        .should()
        .dependOnClassesThat(resideInAnyPackage(packages))
        .check(PROGRAM);
    // A package that was renamed would satisfy the rule.
    assertThat(PROGRAM.stream().filter(resideInAnyPackage(packages))).isNotEmpty();
  }

  static List<List<String>> anImplementationIsKnownToItselfAndToWhatWiresItAlone() {
    return List.of(
        List.of(
            "dev.holdfast.workbench.oci..",
            "dev.holdfast.workbench.guest..",
            "dev.holdfast.workbench.checkpoint..",
            "dev.holdfast.workbench.microvm..",
            "dev.holdfast.workbench.docker.."),
        List.of("dev.holdfast.workbench.wasm.."),
        List.of("dev.holdfast.workspace.overlay.."),
        List.of(
            "dev.holdfast.image.archive..",
            "dev.holdfast.image.build..",
            "dev.holdfast.image.format..",
            "dev.holdfast.image.registry..",
            "dev.holdfast.image.store..",
            "dev.holdfast.image.unpack.."),
        List.of("dev.holdfast.store.."),
        List.of("dev.holdfast.policy.cedar.."));
  }

  @Test
  void noPackageIsNamedAfterNothing() {
    noClasses()
        .should()
        .resideInAnyPackage("..impl..", "..common..", "..util..", "..manager..", "..helper..")
        .check(PROGRAM);
  }

  @Test
  void thePackagesOfTheCommandLineFormNoCycle() {
    slices()
        .matching("dev.holdfast.(**)")
        .should()
        .beFreeOfCycles()
        .check(classesOf("dev.holdfast.cli"));
  }

  private static JavaClasses classesOf(String root) {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages(root);
  }
}
