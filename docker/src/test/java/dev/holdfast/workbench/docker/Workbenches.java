package dev.holdfast.workbench.docker;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.WorkbenchSpec;
import java.nio.file.Path;
import java.util.Map;

/**
 * A program that makes workbenches until it is killed: of the Docker daemon at a socket, or of a
 * Podman service of its own.
 */
final class Workbenches {
  private Workbenches() {}

  public static void main(String[] args) {
    Path home = Path.of(args[0]);
    var engine =
        args.length > 1
            ? DockerEngine.open(Layer.DOCKER, home, new Endpoint(Path.of(args[1]), ""))
            : DockerEngine.openPodman(home, Map.of("PATH", System.getenv("PATH")));
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
