package dev.holdfast.e2e.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.Victim;
import dev.holdfast.workbench.oci.Reaper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashTest {
  @TempDir Path home;

  @ParameterizedTest
  @ValueSource(strings = {"container", "gvisor"})
  void afterKillNineAtAnyMomentTheReaperLeavesNothing(String layer) throws Exception {
    for (int round = 0; round < 6; round++) {
      Victim.start(Workbenches.class, home, layer).killWithin(400, "ready");
      reapsEverything();
    }
  }

  @Test
  void ofFiveHundredWorkbenchesMadeFiftyAtATimeNothingIsLeftAfterKillNine() throws Exception {
    Victim.start(Crowd.class, home, 500, 50).killWithin(1, "answered 500");
    assertThat(reapsEverything()).hasSize(500);
  }

  /** The names of what was ended. */
  private List<String> reapsEverything() throws IOException {
    Reaper reaper = Reaper.of(home);
    Reaper.Report report = reaper.reapDead();

    assertThat(report.failed()).isEmpty();
    for (String name : report.ended()) {
      assertThat(groups(name)).isEmpty();
    }
    assertThat(reaper.places()).isNotEmpty();
    for (Path place : reaper.places()) {
      assertThat(below(place)).isEmpty();
    }
    assertThat(commands())
        .noneMatch(command -> report.ended().stream().anyMatch(command::contains));
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(home.toString());
    return report.ended();
  }

  /** Sandboxes and file servers name their workbench, as launchers and runtimes do. */
  private static List<String> commands() {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .toList();
  }

  private static List<String> groups(String name) throws IOException {
    try (Stream<Path> found =
        Files.find(
            Path.of("/sys/fs/cgroup"),
            2,
            (path, _) -> path.getFileName().toString().equals("holdfast-" + name))) {
      return found.map(Path::toString).toList();
    }
  }

  private static List<String> below(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(path -> path.getFileName().toString()).toList();
    }
  }
}
