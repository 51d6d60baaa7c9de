package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where work is put: by a person, by the kind of work, by the installation's rules. */
class LayerTest {
  @TempDir Path temp;

  @Test
  void theKindOfWorkAndTheRulesDecideWhereItRunsOrThatItDoesNot() throws Exception {
    var home = Files.createDirectory(temp.resolve("home"));
    var cli = new Cli(home);
    assertThat(kernel(cli)).doesNotContain("sentry");
    assertThat(kernel(cli, "--layer", "gvisor")).contains("sentry");
    assertThat(kernel(cli, "--workload", "multi-tenant")).contains("sentry");

    var weak =
        cli.run(temp, "exec", "--workload", "multi-tenant", "--layer", "container", "--", "true");
    assertThat(weak.code()).isEqualTo(1);
    assertThat(weak.err()).contains("layer `container` is not allowed for workload `multi-tenant`");

    Files.writeString(home.resolve("layers.properties"), "everywhere = kernel-in-user-space\n");
    assertThat(kernel(cli)).contains("sentry");
    assertThat(cli.run(temp, "exec", "--layer", "container", "--", "true").code()).isEqualTo(1);
    assertThat(Leftovers.find(temp)).isEmpty();
  }

  /** What only gVisor's kernel shows. */
  private String kernel(Cli cli, String... options) throws Exception {
    var words = new java.util.ArrayList<String>();
    words.add("exec");
    words.addAll(java.util.List.of(options));
    words.addAll(java.util.List.of("--", "sh", "-c", "ls /proc/sentry-meminfo 2>/dev/null; true"));
    return cli.run(temp, words.toArray(String[]::new)).orFail().out();
  }
}
