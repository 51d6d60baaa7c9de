package dev.holdfast.workbench.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.workbench.WorkbenchContract;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchId;
import java.nio.file.Path;
import java.util.List;

class MicrovmContractTest extends WorkbenchContract {
  @Override
  protected WorkbenchEngine open(Path home) {
    return MicrovmEngine.open(home);
  }

  @Override
  public void assertNothingLeft(WorkbenchId id) {
    try {
      assertThat(Monitors.areGone(List.of(id.value()))).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    assertThat(home().resolve("run").resolve(id.value())).doesNotExist();
    assertThat(home().resolve("leases").resolve(id + ".json")).doesNotExist();
    assertThat(Path.of("/sys/fs/cgroup/pids/holdfast-" + id)).doesNotExist();
    assertThat(Path.of("/sys/fs/cgroup/holdfast-" + id)).doesNotExist();
  }
}
