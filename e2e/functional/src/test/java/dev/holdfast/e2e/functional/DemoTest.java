package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first thing that anybody runs. */
class DemoTest {
  @TempDir Path temp;

  @ParameterizedTest
  @ValueSource(strings = {"container", "gvisor", "microvm", "podman"})
  void theDemoLeavesTheApprovedCommitWithItsEvidence(String layer) throws Exception {
    var cli = new Cli(temp.resolve("home"));
    var said =
        cli.run(temp, "demo", "--layer", layer, "--directory", temp.resolve("demo").toString())
            .orFail();
    assertThat(said.out()).contains("run_tests     verdict passed", "committed");
    var ledger = temp.resolve("demo/ledger");
    var branch =
        Cli.host(ledger, "git", "branch", "--list", "--format=%(refname:short)", "holdfast/*");
    Cli.host(ledger, "git", "checkout", "-q", branch.strip());
    Cli.host(ledger, "python3", "-B", "-m", "unittest", "-q");
    cli.run(temp, "audit", "verify").orFail();
    assertThat(cli.run(temp, "show").orFail().out()).contains("on the %s layer".formatted(layer));
    assertThat(cli.run(temp, "trace", "--json").orFail().out().lines())
        .anyMatch(line -> line.contains("c-evidence") && line.contains("run_tests"));
  }
}
