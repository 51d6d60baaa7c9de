package dev.holdfast.scorecard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Layer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final Predicate<String> REASONS = Set.of("EPERM", "ENOENT")::contains;
  private static final Predicate<String> INSIDE = "own device"::equals;

  @Test
  void isHeldWhenEveryAttemptFailedForAReasonThatCounts() {
    assertThat(Verdict.of("held\tmount\tEPERM\nheld\topen\tENOENT\r\n", REASONS, INSIDE))
        .isEqualTo(
            new Verdict.Held(
                List.of(
                    new Verdict.Attempt("mount", "EPERM"), new Verdict.Attempt("open", "ENOENT"))));
  }

  @Test
  void isBrokenWhenOneAttemptWorked() {
    assertThat(Verdict.of("held\tmount\tEPERM\nbroken\topen\treturned 3\n", REASONS, INSIDE))
        .isEqualTo(new Verdict.Broken(List.of("open: returned 3")));
  }

  @Test
  void isHeldWhenWhatWorkedIsKnownToStayInside() {
    assertThat(Verdict.of("broken\town device\topened\n", REASONS, INSIDE))
        .isEqualTo(new Verdict.Held(List.of(new Verdict.Attempt("own device", Verdict.INSIDE))));
  }

  @Test
  void isUnclearWhenAnAttemptFailedForAnotherReason() {
    assertThat(Verdict.of("held\tmount\tEFAULT\nheld\topen\tENOENT\n", REASONS, INSIDE))
        .isEqualTo(new Verdict.Unclear(List.of("held\tmount\tEFAULT")));
  }

  @Test
  void isUnclearWhenNothingWasTriedOrSomethingElseWasSaid() {
    assertThat(Verdict.of("", REASONS, INSIDE)).isInstanceOf(Verdict.Unclear.class);
    assertThat(Verdict.of("held\tmount\tEPERM\nnot found\n", REASONS, INSIDE))
        .isInstanceOf(Verdict.Unclear.class);
  }

  @Test
  void everyAttackHasANameOfItsOwn() {
    assertThat(Attacks.all())
        .extracting(Attack::name)
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(45);
    assertThat(Attacks.named("mounts").tries()).contains("pivots");
    assertThatThrownBy(() -> Attacks.named("mount")).hasMessage("attack `mount` is not known");
  }

  @Test
  void aLineThatLacksAColumnIsRefused() {
    assertThatThrownBy(() -> Attacks.parse("x\tpipes\tEPERM\ttries", "", ""))
        .hasMessage(
            "the line of `x` has 4 columns: there are name, manner, workbench, reasons, source,"
                + " tries, success");
  }

  @Test
  void aReasonOfOneLayerCountsThereAlone() {
    var attack =
        Attacks.parse(
                "x\tpipes\town\tEPERM gvisor:ENXIO\tCVE\ttries\tworks",
                "x\tgvisor\town device\tgVisor's own",
                "")
            .getFirst();
    assertThat(attack.judge("held\ty\tENXIO\n", Layer.GVISOR)).isInstanceOf(Verdict.Held.class);
    assertThat(attack.judge("held\ty\tENXIO\n", Layer.CONTAINER))
        .isInstanceOf(Verdict.Unclear.class);
    assertThat(attack.judge("broken\town device\tz\n", Layer.GVISOR))
        .isInstanceOf(Verdict.Held.class);
    assertThat(attack.judge("broken\town device\tz\n", Layer.CONTAINER))
        .isInstanceOf(Verdict.Broken.class);
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
