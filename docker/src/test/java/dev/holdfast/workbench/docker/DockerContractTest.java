package dev.holdfast.workbench.docker;

import dev.holdfast.bench.DockerDaemon;
import dev.holdfast.workbench.Layer;
import java.nio.file.Path;

class DockerContractTest extends DaemonContract {
  @Override
  protected TestDaemon start(Path directory) throws Exception {
    var daemon = DockerDaemon.start(directory);
    return new TestDaemon() {
      @Override
      public Path socket() {
        return daemon.socket();
      }

      @Override
      public void close() throws Exception {
        daemon.close();
      }
    };
  }

  @Override
  protected Layer layer() {
    return Layer.DOCKER;
  }
}
