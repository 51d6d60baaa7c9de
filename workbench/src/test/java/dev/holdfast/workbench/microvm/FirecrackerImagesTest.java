package dev.holdfast.workbench.microvm;

import dev.holdfast.testkit.workbench.ImagesContract;
import dev.holdfast.workbench.WorkbenchEngine;
import java.nio.file.Path;

class FirecrackerImagesTest extends ImagesContract {
  @Override
  protected WorkbenchEngine open(Path home) {
    return MicrovmEngine.open(home, FirecrackerStandIn::in);
  }
}
