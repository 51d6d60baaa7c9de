package dev.holdfast.policy.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyCheckTest {
  private final PolicyCheck check = new PolicyCheck(CedarPolicy.defaults());

  @Test
  void aReportNamesThePolicyItsFileAndLineAndWhatApprovalWouldChange() {
    var report = check.check(Requests.shell("env git push"));
    assertThat(report.decision()).isEqualTo(PolicyCheck.Decision.NEEDS_APPROVAL);
    var because = report.because().getFirst();
    assertThat(because.id()).isEqualTo("approval.publish");
    assertThat(because.where()).matches("built-in/20-approval\\.cedar:[0-9]+");
    assertThat(because.reason()).contains("approval");
    assertThat(report.withApproval())
        .extracting(PolicyCheck.Determining::id)
        .containsExactly("permit.execute");
    assertThat(report.facts()).containsEntry("programs", Set.of("env", "git"));
  }

  @Test
  void permitAndForbidAreReported() {
    assertThat(check.check(Requests.read("a")).decision()).isEqualTo(PolicyCheck.Decision.PERMIT);
    assertThat(check.check(Requests.write(".git/config")).decision())
        .isEqualTo(PolicyCheck.Decision.FORBID);
  }
}
