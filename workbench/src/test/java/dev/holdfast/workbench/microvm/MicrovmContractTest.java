package dev.holdfast.workbench.microvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.workbench.Difference;
import dev.holdfast.testkit.workbench.WorkbenchContract;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.oci.Traces;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

class MicrovmContractTest extends WorkbenchContract {
  @Override
  protected WorkbenchEngine open(Path home) {
    return MicrovmEngine.open(home);
  }

  @Override
  public Set<Difference> differences() {
    return Set.of(Difference.NO_FIFOS_IN_THE_WORKSPACE);
  }

  @Override
  public void assertNothingLeft(WorkbenchId id) {
    try {
      assertThat(Monitors.areGone(List.of(id.value()))).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    Traces.assertNone(home(), id);
  }
}
