package dev.holdfast.e2e.security;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import java.nio.file.Path;

/** A program that makes workbenches on a layer until it is killed. */
final class Workbenches {
  private Workbenches() {}

  public static void main(String[] args) {
    Path home = Path.of(args[0]);
    OciEngine engine = args[1].equals("gvisor") ? OciEngine.openGvisor(home) : OciEngine.open(home);
    System.out.println("ready");
    for (int i = 0; i < 1000; i++) {
      var workbench = engine.create(WorkbenchSpec.empty(Caps.DEFAULT));
      if (i % 3 != 0) {
        workbench.close();
      }
    }
  }
}
