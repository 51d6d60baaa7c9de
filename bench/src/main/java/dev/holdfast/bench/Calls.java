package dev.holdfast.bench;

import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Workbench;

/** The call that every layer is measured with. */
final class Calls {
  private Calls() {}

  static void runTrue(Workbench workbench) {
    if (!workbench.exec(ExecSpec.of("true")).succeeded()) {
      throw new BenchException("`true` failed in the workbench");
    }
  }
}
