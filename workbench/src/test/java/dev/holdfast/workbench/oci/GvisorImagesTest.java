package dev.holdfast.workbench.oci;

import dev.holdfast.testkit.workbench.ImagesContract;
import dev.holdfast.workbench.WorkbenchEngine;
import java.nio.file.Path;

class GvisorImagesTest extends ImagesContract {
  @Override
  protected WorkbenchEngine open(Path home) {
    return OciEngine.openGvisor(home);
  }
}
