package dev.holdfast.workbench.docker;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.WorkbenchSpec;
import java.nio.file.Path;

/** A program that makes workbenches until it is killed. */
final class Victim {
  private Victim() {}

  public static void main(String[] args) {
    var engine =
        DockerEngine.open(Layer.DOCKER, Path.of(args[0]), new Endpoint(Path.of(args[1]), ""));
    for (int i = 0; i < 100; i++) {
      var workbench = engine.create(WorkbenchSpec.empty(Caps.DEFAULT));
      if (i == 0) {
        System.out.println("ready");
      }
      if (i % 3 != 0) {
        workbench.close();
      }
    }
  }
}
