package dev.holdfast.policy.cedar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CedarPolicyLoadTest {
  private static final String FORBID_TOOL =
      "@id(\"mine.no-%s\")\n@reason(\"not here\")\nforbid (principal, action, resource == Tool::\"%s\");\n";

  @TempDir private Path directory;

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private void refused(String text, String... parts) throws IOException {
    write("x.cedar", text);
    assertThatThrownBy(() -> CedarPolicy.load(List.of(directory)))
        .isInstanceOf(PolicyException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void aUsersPolicyIsAddedToTheBuiltInOnes() throws IOException {
    write("x.cedar", "// first line\n\n" + FORBID_TOOL.formatted("read", "read_file"));
    var policy = CedarPolicy.load(List.of(directory));
    var verdict = policy.decide(Requests.read("a"), true);
    assertThat(verdict.permitted()).isFalse();
    assertThat(verdict.policies()).containsExactly("mine.no-read");
    assertThat(verdict.reasons()).containsExactly("not here");
    assertThat(policy.policies().stream().map(LoadedPolicy::where))
        .contains(directory.resolve("x.cedar") + ":3");
    assertThat(policy.version()).isNotEqualTo(CedarPolicy.defaults().version());
  }

  @Test
  void aTypeErrorIsRefusedWithItsLine() throws IOException {
    refused(
        "\n@id(\"a\") @reason(\"r\")\npermit (principal, action, resource)\nwhen { context.autonomie == \"full\" };",
        "x.cedar:4",
        "autonomie");
  }

  @Test
  void aPolicyThatCanNeverApplyIsRefused() throws IOException {
    refused(
        "@id(\"a\") @reason(\"r\") forbid (principal, action, resource) when { resource has colour };",
        "x.cedar:1",
        "impossible");
  }

  @Test
  void anUnknownActionIsRefused() throws IOException {
    refused(
        "@id(\"a\") @reason(\"r\") forbid (principal, action == Action::\"rea\", resource);",
        "x.cedar:1",
        "rea");
  }

  @Test
  void unparsableTextIsRefused() throws IOException {
    refused("\n\nforbid (principal, action", "x.cedar:3");
    refused("@id(\"a\") @reason(\"r\") forbid (principal, action, resource); garbage", "x.cedar:1");
  }

  @Test
  void idAndReasonAreRequiredAndIdsAreUnique() throws IOException {
    refused("@reason(\"r\") forbid (principal, action, resource);", "x.cedar:1", "@id");
    refused("@id(\"a\") forbid (principal, action, resource);", "x.cedar:1", "@reason");
    refused("@id(\"a b\") @reason(\"r\") forbid (principal, action, resource);", "`a b`");
    refused(
        "@id(\"permit.read\") @reason(\"r\") forbid (principal, action, resource);",
        "permit.read",
        "already used at built-in/10-permit.cedar");
  }

  @Test
  void templatesAreRefused() throws IOException {
    refused(
        "@id(\"a\") @reason(\"r\") permit (principal == ?principal, action, resource);",
        "x.cedar:1",
        "template");
  }

  @Test
  void aRepositoryMayForbidButNotPermit() throws IOException {
    write("x.cedar", FORBID_TOOL.formatted("read", "read_file"));
    var policy = CedarPolicy.load(List.of(), List.of(directory));
    assertThat(policy.decide(Requests.read("a"), true).permitted()).isFalse();
    write("y.cedar", "@id(\"a\") @reason(\"r\") permit (principal, action, resource);");
    assertThatThrownBy(() -> CedarPolicy.load(List.of(), List.of(directory)))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("y.cedar:1")
        .hasMessageContaining("only forbid");
  }

  @Test
  void aRepositoryCannotReplaceABuiltInFile() throws IOException {
    write("20-approval.cedar", FORBID_TOOL.formatted("x", "x"));
    var policy = CedarPolicy.load(List.of(), List.of(directory));
    assertThat(policy.decide(Requests.shell("git push"), false).permitted()).isFalse();
  }

  @Test
  void aUserMayReplaceABuiltInFileButNotTheRulesThatAlwaysHold() throws IOException {
    write("20-approval.cedar", FORBID_TOOL.formatted("x", "x"));
    var policy = CedarPolicy.load(List.of(directory));
    assertThat(policy.decide(Requests.shell("git push"), false).permitted()).isTrue();
    write("00-always.cedar", FORBID_TOOL.formatted("y", "y"));
    assertThatThrownBy(() -> CedarPolicy.load(List.of(directory)))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("cannot be replaced");
  }

  @Test
  void aLinkIsNotFollowedAndAMissingDirectoryIsEmpty() throws IOException {
    assertThat(CedarPolicy.load(List.of(directory.resolve("none"))).version())
        .isEqualTo(CedarPolicy.defaults().version());
    Files.createSymbolicLink(directory.resolve("x.cedar"), Path.of("/etc/passwd"));
    assertThatThrownBy(() -> CedarPolicy.load(List.of(directory)))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("regular file");
  }

  @Test
  void aPolicyThatErrsRefusesEvenWhatOthersPermit() throws IOException {
    write(
        "x.cedar",
        "@id(\"a\") @reason(\"r\") forbid (principal, action, resource)\n"
            + "when { context.budgetUsedPercent * 9223372036854775807 > 0 };");
    var policy = CedarPolicy.load(List.of(directory));
    var verdict = policy.decide(Requests.read("a"), false);
    assertThat(verdict.permitted()).isFalse();
    assertThat(verdict.policies()).containsExactly("a");
  }

  @Test
  void theBuiltInPoliciesAreCompiled() {
    assertThat(CedarPolicy.defaults().compiled()).isTrue();
  }

  @Test
  void whatOnlyTheEngineKnowsIsLeftToIt() throws IOException {
    write(
        "x.cedar",
        "@id(\"a\") @reason(\"r\") forbid (principal, action, resource)\n"
            + "when { ip(\"10.0.0.1\").isInRange(ip(\"10.0.0.0/8\")) && context.hosts.contains(\"x\") };");
    var policy = CedarPolicy.load(List.of(directory));
    assertThat(policy.compiled()).isFalse();
    assertThat(policy.decide(Requests.read("a"), false).permitted()).isTrue();
  }
}
