package dev.holdfast.e2e.security;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import java.nio.file.Path;

/** A program that makes workbenches until it is killed. */
final class Victim {
  private Victim() {}

  public static void main(String[] args) {
    OciEngine engine = OciEngine.open(Path.of(args[0]));
    System.out.println("ready");
    for (int i = 0; i < 1000; i++) {
      var workbench = engine.create(WorkbenchSpec.empty(Caps.DEFAULT));
      if (i % 3 != 0) {
        workbench.close();
      }
    }
  }
}
