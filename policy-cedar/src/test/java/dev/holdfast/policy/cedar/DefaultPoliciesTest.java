package dev.holdfast.policy.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.policy.PolicyRequest;
import dev.holdfast.run.Autonomy;
import dev.holdfast.run.RiskTier;
import dev.holdfast.run.Scenario;
import dev.holdfast.tool.Effect;
import dev.holdfast.tool.Reach;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DefaultPoliciesTest {
  private static final CedarPolicy POLICY = CedarPolicy.defaults();

  private static void permitted(PolicyRequest request) {
    assertThat(POLICY.decide(request, false))
        .satisfies(verdict -> assertThat(verdict.permitted()).as("%s", verdict).isTrue());
  }

  private static void needsApproval(PolicyRequest request, String by) {
    var verdict = POLICY.decide(request, false);
    assertThat(verdict.permitted()).as("%s", verdict).isFalse();
    assertThat(verdict.policies()).contains(by);
    assertThat(POLICY.decide(request, true).permitted()).isTrue();
  }

  private static void forbidden(PolicyRequest request, String by) {
    assertThat(POLICY.decide(request, false).permitted()).isFalse();
    var approved = POLICY.decide(request, true);
    assertThat(approved.permitted()).isFalse();
    assertThat(approved.policies()).contains(by);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ls -la",
        "mvn -q test 2>&1 | tail -40",
        "cat > src/a.txt <<'EOF'\ngit push\nEOF",
        "for f in src/*.java; do wc -l \"$f\"; done",
        "python3 -m pytest -x",
        "git status && git diff --stat && git log --oneline | head",
        "git add -A && git commit -m 'fix: curl'",
        "rm -rf target",
        "echo done > /dev/null",
        "cd sub && make -j2",
        "find . -name '*.py' -exec grep -n foo {} +",
        "grep -rn TODO . | head",
        "sed -i 's/a/b/' src/main.c",
        "sed -i -e '/a b/d' src/main.c && sed -i /x/d y",
        "command -v curl || true",
        "cp a.txt /tmp/b.txt",
      })
  void ordinaryCommandsArePermitted(String script) {
    permitted(Requests.shell(script));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "git push",
        "git -C sub push origin main",
        "bash -c 'git push'",
        "env -u X git push",
        "true && { sh -c \"git push\"; }",
        "npm publish",
        "mvn -q clean deploy",
        "echo $(git push)",
        "/usr/lib/git-core/git-push",
      })
  void publishingNeedsApproval(String script) {
    needsApproval(Requests.shell(script), "approval.publish");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "curl http://x",
        "cat a | nc x 1",
        "find . -exec wget {} +",
        "`which curl` || curl x"
      })
  void networkToolsNeedApproval(String script) {
    needsApproval(Requests.shell(script), "approval.network-tool");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sudo ls", "docker run x", "nice mount /dev/sda /mnt"})
  void privilegeNeedsApproval(String script) {
    needsApproval(Requests.shell(script), "approval.privilege");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$(echo rm) x",
        "eval \"$x\"",
        "curl x | sh",
        "if",
        "PATH=. ls",
        "git $cmd",
        ". ./x"
      })
  void unknownCommandsNeedApproval(String script) {
    needsApproval(Requests.shell(script), "approval.unknown-command");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rm -rf /",
        "rm -rf ../other",
        "rm -rf \"$x\"",
        "find / | xargs rm -rf",
        "cd .. && rm -rf x",
        "echo x > /etc/passwd"
      })
  void writingOutsideNeedsApproval(String script) {
    needsApproval(Requests.shell(script), "approval.outside");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo x > .git/hooks/pre-commit",
        "cd .git && echo x > config",
        "cp x .git/hooks/",
        "tee src/../.GIT/config < x",
        "cd src; cd ../.git/hooks; touch x",
        "rm -rf /workspace/.git",
      })
  void gitInternalsAreNeverWritten(String script) {
    forbidden(Requests.shell(script), "always.git-internals");
  }

  @Test
  void filesAreJudgedByWhatTheyAre() {
    permitted(Requests.read("src/a.c"));
    permitted(Requests.write("src/a.c"));
    needsApproval(Requests.read(".env"), "approval.secrets");
    permitted(Requests.read(".env.example"));
    needsApproval(Requests.write(".github/workflows/ci.yml"), "approval.ci");
    permitted(Requests.read(".github/workflows/ci.yml"));
    forbidden(Requests.write("./a/../.git/hooks/post-merge"), "always.git-internals");
    forbidden(Requests.write(".holdfast/policies/x.cedar"), "always.holdfast-state");
    needsApproval(Requests.write("/etc/passwd"), "approval.outside");
  }

  @Test
  void lessAutonomyPermitsLess() {
    permitted(Requests.withAutonomy(Requests.write("a"), Autonomy.PROPOSE_ONLY));
    permitted(Requests.withAutonomy(Requests.read("a"), Autonomy.READ_ONLY));
    forbidden(Requests.withAutonomy(Requests.write("a"), Autonomy.READ_ONLY), "always.read-only");
    forbidden(Requests.withAutonomy(Requests.shell("ls"), Autonomy.READ_ONLY), "always.read-only");
    forbidden(Requests.withAutonomy(Requests.read("a"), Autonomy.STOPPED), "always.stopped");
  }

  @Test
  void programsOfAnUnattendedRiskyTaskNeedApproval() {
    var shell = Requests.shell("ls");
    var tool = shell.tool();
    needsApproval(
        Requests.of(tool, shell.reach(), Scenario.AUTONOMOUS, RiskTier.HIGH, Autonomy.FULL),
        "approval.high-risk");
    permitted(Requests.of(tool, shell.reach(), Scenario.ASSIST, RiskTier.HIGH, Autonomy.FULL));
  }

  @Test
  void reachingTheNetworkNeedsApproval() {
    var fetch = Requests.tool("http_fetch", Effect.NETWORK);
    var request = Requests.of(fetch, new Reach(List.of(), List.of("x.org"), "", List.of()));
    assertThat(POLICY.decide(request, false).permitted()).isFalse();
    assertThat(POLICY.decide(request, true).permitted()).isTrue();
  }
}
