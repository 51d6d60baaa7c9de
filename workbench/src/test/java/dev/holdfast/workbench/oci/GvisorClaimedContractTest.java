package dev.holdfast.workbench.oci;

import dev.holdfast.testkit.workbench.Claiming;
import dev.holdfast.workbench.WorkbenchEngine;
import java.nio.file.Path;

/** One that was started without its workspace is like any other. */
class GvisorClaimedContractTest extends GvisorContractTest {
  @Override
  protected WorkbenchEngine open(Path home) {
    return new Claiming(super.open(home));
  }
}
