package dev.holdfast.policy.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.policy.Act;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.RiskTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyGuideTest {
  private static final Pattern EXAMPLE = Pattern.compile("```cedar\n(.*?)```", Pattern.DOTALL);

  @Test
  void theGuidesExamplesLoadAndDoWhatTheySay(@TempDir Path directory) throws IOException {
    var guide = Files.readString(Path.of("..", "docs", "policies.md"));
    var examples = EXAMPLE.matcher(guide).results().map(match -> match.group(1)).toList();
    assertThat(examples).hasSize(2);
    Files.writeString(directory.resolve("team.cedar"), examples.getFirst());
    // They only forbid, so a repository may bring them too.
    var check = new PolicyCheck(CedarPolicy.load(List.of(), List.of(directory)));
    assertThat(check.check(Requests.write("go.sum")).decision())
        .isEqualTo(PolicyCheck.Decision.NEEDS_APPROVAL);
    assertThat(check.check(Requests.shell("docker ps")).decision())
        .isEqualTo(PolicyCheck.Decision.FORBID);
    assertThat(check.check(Requests.write("src/a.c")).decision())
        .isEqualTo(PolicyCheck.Decision.PERMIT);
    var risky = PeoplePoliciesTest.act("ada", Act.APPROVE, RiskTier.HIGH, Autonomy.FULL);
    assertThat(check.check(risky).because())
        .extracting(PolicyCheck.Determining::id)
        .containsExactly("team.four-eyes");

    Files.writeString(directory.resolve("reviewers.cedar"), examples.getLast());
    var reviewed = PeoplePoliciesTest.act("grace", Act.APPROVE, RiskTier.HIGH, Autonomy.FULL);
    assertThat(new PolicyCheck(CedarPolicy.load(List.of(directory))).check(reviewed).decision())
        .isEqualTo(PolicyCheck.Decision.PERMIT);
  }
}
