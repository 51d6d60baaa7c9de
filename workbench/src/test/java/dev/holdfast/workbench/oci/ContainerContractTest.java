package dev.holdfast.workbench.oci;

import dev.holdfast.testkit.workbench.WorkbenchContract;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchId;
import java.nio.file.Path;

class ContainerContractTest extends WorkbenchContract {
  @Override
  protected WorkbenchEngine open(Path home) {
    return OciEngine.open(home);
  }

  @Override
  public void assertNothingLeft(WorkbenchId id) {
    Traces.assertNone(home(), id);
  }
}
