package dev.holdfast.workbench.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.workbench.LayerContract;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchId;
import java.nio.file.Path;

/** The part of the contract that needs no shell, which is what modules can keep. */
class WasmContractTest extends LayerContract {
  @Override
  protected WorkbenchEngine open(Path home) {
    return new WasmEngine();
  }

  /** A workbench is objects of this process; all that could stay is the thread of a program. */
  @Override
  public void assertNothingLeft(WorkbenchId id) {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("holdfast-wasm");
  }
}
