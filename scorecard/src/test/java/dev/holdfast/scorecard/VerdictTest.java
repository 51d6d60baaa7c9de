package dev.holdfast.scorecard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final Predicate<String> REASONS = Set.of("EPERM", "ENOENT")::contains;

  @Test
  void isHeldWhenEveryAttemptFailedForAReasonThatCounts() {
    assertThat(Verdict.of("held\tmount\tEPERM\nheld\topen\tENOENT\r\n", REASONS))
        .isEqualTo(
            new Verdict.Held(
                List.of(
                    new Verdict.Attempt("mount", "EPERM"), new Verdict.Attempt("open", "ENOENT"))));
  }

  @Test
  void isBrokenWhenOneAttemptWorked() {
    assertThat(Verdict.of("held\tmount\tEPERM\nbroken\topen\treturned 3\n", REASONS))
        .isEqualTo(new Verdict.Broken(List.of("open: returned 3")));
  }

  @Test
  void isUnclearWhenAnAttemptFailedForAnotherReason() {
    assertThat(Verdict.of("held\tmount\tEFAULT\nheld\topen\tENOENT\n", REASONS))
        .isEqualTo(new Verdict.Unclear(List.of("held\tmount\tEFAULT")));
  }

  @Test
  void isUnclearWhenNothingWasTriedOrSomethingElseWasSaid() {
    assertThat(Verdict.of("", REASONS)).isInstanceOf(Verdict.Unclear.class);
    assertThat(Verdict.of("held\tmount\tEPERM\nnot found\n", REASONS))
        .isInstanceOf(Verdict.Unclear.class);
  }

  @Test
  void everyAttackHasANameOfItsOwn() {
    assertThat(Attacks.all())
        .extracting(Attack::name)
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(35);
    assertThatThrownBy(() -> Attacks.parse("x\tpipes\tEPERM\ttries"))
        .hasMessage(
            "attack `x` has 4 columns: there are name, manner, workbench, reasons, source, tries,"
                + " success");
  }

  @Test
  void aChangedSettingOrClockIsSeen() {
    var before = new HostState(Map.of("/proc/x", "1", "/proc/y", "2"), 0);
    assertThat(before.changesTo(new HostState(Map.of("/proc/x", "1", "/proc/y", "2"), 900)))
        .isEmpty();
    assertThat(before.changesTo(new HostState(Map.of("/proc/x", "1"), 3_600_000))).hasSize(2);
    assertThat(HostState.now().files()).containsKey("/proc/sys/kernel/core_pattern");
  }
}
