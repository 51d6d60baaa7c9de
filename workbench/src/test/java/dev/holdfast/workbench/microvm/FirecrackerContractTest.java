package dev.holdfast.workbench.microvm;

import dev.holdfast.testkit.workbench.Difference;
import dev.holdfast.workbench.WorkbenchEngine;
import java.nio.file.Path;
import java.util.Set;

/** The same with Firecracker's driver, and a stand-in for Firecracker. */
class FirecrackerContractTest extends MicrovmContractTest {
  @Override
  protected WorkbenchEngine open(Path home) {
    return MicrovmEngine.open(home, FirecrackerStandIn::in);
  }

  @Override
  public Set<Difference> differences() {
    return Set.of();
  }
}
