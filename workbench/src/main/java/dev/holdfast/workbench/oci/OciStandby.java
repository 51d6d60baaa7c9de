package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.Standby;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.guest.GuestedWorkbench;
import java.io.IOException;
import java.nio.file.Path;

/** A workbench whose workspace is an empty directory until it is claimed. */
final class OciStandby implements Standby {
  private final GuestedWorkbench workbench;
  private final Arrival arrival;
  private boolean taken;

  /** Brings a workspace to where the workbench looks for it. */
  @FunctionalInterface
  interface Arrival {
    void of(Path workspace) throws IOException;
  }

  OciStandby(GuestedWorkbench workbench, Arrival arrival) {
    this.workbench = workbench;
    this.arrival = arrival;
  }

  /**
   * One that waits in a mount namespace.
   *
   * @param firstProcess the host's number of the container's first process
   * @param target the empty directory, as the container sees it
   */
  OciStandby(GuestedWorkbench workbench, long firstProcess, String target) {
    this(
        workbench,
        workspace -> Attachment.attach(workspace, firstProcess, target, workbench::answers));
  }

  @Override
  public boolean alive() {
    return workbench.alive();
  }

  @Override
  public synchronized Workbench claim(Path workspace) {
    if (taken) {
      throw new WorkbenchException("workbench `%s` is in use".formatted(workbench.id()));
    }
    taken = true;
    try {
      arrival.of(workspace);
      workbench.movedTo(workspace);
      return workbench;
    } catch (IOException e) {
      workbench.close();
      throw new WorkbenchException(
          "workspace `%s` cannot be given to workbench `%s`: %s"
              .formatted(workspace, workbench.id(), e.getMessage()),
          e);
    }
  }

  @Override
  public synchronized void close() {
    if (!taken) {
      taken = true;
      workbench.close();
    }
  }
}
