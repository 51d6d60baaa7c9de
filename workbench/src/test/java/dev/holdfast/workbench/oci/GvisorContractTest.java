package dev.holdfast.workbench.oci;

import dev.holdfast.testkit.workbench.Difference;
import dev.holdfast.testkit.workbench.WorkbenchContract;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchId;
import java.nio.file.Path;
import java.util.Set;

class GvisorContractTest extends WorkbenchContract {
  @Override
  protected WorkbenchEngine open(Path home) {
    return OciEngine.openGvisor(home);
  }

  @Override
  public Set<Difference> differences() {
    return Set.of(Difference.MEMORY_CAP_ENDS_THE_WORKBENCH);
  }

  @Override
  public void assertNothingLeft(WorkbenchId id) {
    Traces.assertNone(home(), id);
  }
}
