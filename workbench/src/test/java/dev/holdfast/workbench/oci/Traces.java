package dev.holdfast.workbench.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a workbench would have left on the host. */
public final class Traces {
  private Traces() {}

  /** Fails when any of it is still there. */
  public static void assertNone(Path home, WorkbenchId id) {
    Layout layout = Layout.in(home);
    assertThat(Cgroups.ofHost().directories(id)).noneMatch(Files::exists);
    assertThat(layout.run(id)).doesNotExist();
    assertThat(layout.runtime(id)).doesNotExist();
    assertThat(layout.shortcut(id)).doesNotExist();
    assertThat(layout.leases().resolve(id + ".json")).doesNotExist();
    assertThat(processes(id)).isEmpty();
    assertThat(read(Path.of("/proc/self/mountinfo"))).doesNotContain(id.value());
  }

  /** Processes whose command line names the workbench, as launchers and runtimes do. */
  private static List<String> processes(WorkbenchId id) {
    return ProcessHandle.allProcesses()
        .map(process -> read(Path.of("/proc/" + process.pid() + "/cmdline")))
        .filter(line -> line.contains(id.value()))
        .toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException ended) {
      return "";
    }
  }
}
