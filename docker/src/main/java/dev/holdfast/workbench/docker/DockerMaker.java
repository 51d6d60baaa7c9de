package dev.holdfast.workbench.docker;

import com.github.dockerjava.api.DockerClient;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.oci.Recipe;
import java.io.IOException;
import java.util.List;

/** Docker's own way: everything is in the container's configuration. */
record DockerMaker(DockerClient client, String runtime, boolean ownKernel) implements Maker {
  @Override
  public Made make(Order order) throws IOException {
    var plan = new ContainerPlan(order.spec(), order.identity(), runtime, ownKernel);
    var made =
        client
            .createContainerCmd(order.image())
            .withName(order.name())
            .withHostName(order.spec().id().value())
            .withLabels(order.labels())
            .withUser("%d:%d".formatted(order.identity().uid(), order.identity().gid()))
            .withWorkingDir("/")
            .withEntrypoint(Recipe.GUEST, "--fd", "0", "--out", "1")
            .withTty(false)
            .withStdinOpen(true)
            .withStdInOnce(true)
            .withAttachStdin(true)
            .withAttachStdout(true)
            .withAttachStderr(true)
            .withHostConfig(plan.hostConfig(order.entries()))
            .exec();
    String[] warnings = made.getWarnings();
    return new Made(made.getId(), warnings == null ? List.of() : List.of(warnings));
  }

  @Override
  public void clear(WorkbenchId id) {
    // The daemon removes everything with the container.
  }

  @Override
  public void reap() {
    // As above.
  }
}
