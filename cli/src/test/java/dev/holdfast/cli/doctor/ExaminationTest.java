package dev.holdfast.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExaminationTest {
  private static final Check WORKS =
      new Check("fine", "a fine thing", Check.Need.REQUIRED, _ -> Finding.works("version 1"));
  private static final Check MISSING = missing("rg", Check.Need.REQUIRED);
  private static final Check LUXURY = missing("runsc", Check.Need.OPTIONAL);
  private static final Check UNSURE =
      new Check(
          "odd",
          "an odd thing",
          Check.Need.REQUIRED,
          _ -> {
            throw new IllegalStateException("no answer");
          });

  @TempDir Path directory;
  private FakeMachine machine;

  @BeforeEach
  void aMachine() throws Exception {
    machine = FakeMachine.in(directory);
  }

  private static Check missing(String program, Check.Need need) {
    return new Check(
        program,
        program,
        need,
        host ->
            ProgramChecks.answers(
                host, program, "--version", Remedy.install(program + "-package")));
  }

  private List<Examination> examine(Check... checks) throws InterruptedException {
    return Examination.of(Arrays.asList(checks), machine.host());
  }

  @Test
  void keepsTheOrderAndBlocksOnWhatIsRequiredOnly() throws Exception {
    var found = examine(WORKS, LUXURY, MISSING, UNSURE);
    assertThat(found)
        .extracting(Examination::check)
        .containsExactly(WORKS, LUXURY, MISSING, UNSURE);
    assertThat(found).extracting(Examination::works).containsExactly(true, false, false, false);
    assertThat(found).extracting(Examination::blocks).containsExactly(false, false, true, true);
    assertThat(found.getLast().finding().detail()).isEqualTo("could not be inspected: no answer");
  }

  @Test
  void aProgramWorksWhenItAnswers() throws Exception {
    machine.with("rg", "echo ripgrep 99");
    assertThat(examine(MISSING).getFirst().finding()).isEqualTo(Finding.works("ripgrep 99"));
    machine.with("rg", "echo broken library >&2; exit 1");
    assertThat(examine(MISSING).getFirst().finding())
        .isEqualTo(
            Finding.broken("`rg --version` failed: broken library", Remedy.install("rg-package")));
  }

  @Test
  void aPersonReadsWhatToType() throws Exception {
    DoctorCommand.report(examine(WORKS, MISSING, LUXURY), machine.terminal(false));
    assertThat(machine.said().lines())
        .containsExactly(
            "works  a fine thing           version 1",
            "FAILS  rg                     rg is missing",
            "      mend it with: sudo apt-get install -y rg-package",
            "no     runsc                  runsc is missing",
            "      mend it with: sudo apt-get install -y runsc-package");
  }

  @Test
  void aProgramReadsOneObjectALine() throws Exception {
    DoctorCommand.report(examine(WORKS, MISSING), machine.terminal(true));
    List<JsonNode> lines = machine.said().lines().map(JsonMapper.shared()::readTree).toList();
    assertThat(lines.getFirst())
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    "{\"check\":\"fine\",\"required\":true,\"works\":true,\"detail\":\"version 1\"}"));
    assertThat(lines.getLast().path("works").asBoolean()).isFalse();
    assertThat(lines.getLast().path("packages").get(0).asString()).isEqualTo("rg-package");
    assertThat(lines.getLast().path("mend").asString())
        .isEqualTo("sudo apt-get install -y rg-package");
  }

  @Test
  void onlyWhatIsRequiredIsInstalled() throws Exception {
    var apt = machine.programs().resolve("calls");
    machine.with("apt-get", "echo \"$@\" >> " + apt);
    var packages = Repair.packages(examine(LUXURY, MISSING, WORKS), false);
    assertThat(packages).containsExactly("rg-package");

    var repair = new Repair(machine.host(), machine.terminal(false));
    assertThat(repair.install(packages)).isTrue();
    assertThat(apt).hasContent("update\ninstall -y --no-install-recommends rg-package");
    assertThat(machine.noted()).isEqualTo("holdfast: installing rg-package\n");
    assertThat(repair.install(List.of())).isFalse();
  }

  @Test
  void aFailedInstallationIsSaidWithItsReason() throws Exception {
    machine.with("apt-get", "echo 'E: Unable to locate package'; exit 100");
    new Repair(machine.host(), machine.terminal(false)).install(List.of("nothing"));
    assertThat(machine.noted()).contains("installing nothing failed: E: Unable to locate package");
  }

  @Test
  void withoutAPackageManagerThePersonIsTold() throws Exception {
    var repair = new Repair(machine.host(), machine.terminal(false));
    assertThat(repair.install(List.of("ripgrep", "git"))).isFalse();
    assertThat(machine.noted())
        .isEqualTo(
            "holdfast: only root can install packages here; type: sudo apt-get install -y"
                + " ripgrep git\n");
  }

  @Test
  void whatIsMissingIsInstalledBeforeACommandThatPromisesTo() throws Exception {
    var rg = machine.programs().resolve("rg");
    machine.with(
        "apt-get",
        "printf '#!/bin/sh\\necho ripgrep 99\\n' > %1$s; /bin/chmod +x %1$s".formatted(rg));
    readiness(MISSING, WORKS);
    assertThat(machine.noted()).isEqualTo("holdfast: installing rg-package\n");
    assertThat(examine(MISSING).getFirst().works()).isTrue();
  }

  @Test
  void whatCouldNotBeMendedIsSaidWithItsRemedy() throws Exception {
    readiness(MISSING, WORKS);
    assertThat(machine.noted())
        .endsWith(
            "holdfast: rg: rg is missing; mend it with: sudo apt-get install -y rg-package\n");
  }

  private void readiness(Check... checks) throws InterruptedException {
    var terminal = machine.terminal(false);
    Readiness.ensure(Arrays.asList(checks), new Repair(machine.host(), terminal), terminal);
  }
}
