package dev.holdfast.workbench.docker;

import dev.holdfast.testkit.workbench.Difference;
import dev.holdfast.workbench.Layer;
import java.nio.file.Path;
import java.util.Set;

class PodmanContractTest extends DaemonContract {
  @Override
  protected TestDaemon start(Path directory) {
    var service = PodmanService.start(directory, "");
    return new TestDaemon() {
      @Override
      public Path socket() {
        return service.socket();
      }

      @Override
      public void close() {
        service.close();
      }
    };
  }

  @Override
  protected Layer layer() {
    return Layer.PODMAN;
  }

  @Override
  public Set<Difference> differences() {
    return Set.of();
  }
}
