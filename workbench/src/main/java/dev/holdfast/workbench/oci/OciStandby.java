package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.Standby;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.guest.GuestedWorkbench;
import java.io.IOException;
import java.nio.file.Path;

/** A container whose workspace is an empty directory until it is claimed. */
final class OciStandby implements Standby {
  private final GuestedWorkbench workbench;
  private final long firstProcess;
  private boolean taken;

  OciStandby(GuestedWorkbench workbench, long firstProcess) {
    this.workbench = workbench;
    this.firstProcess = firstProcess;
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
      Attachment.attach(workspace, firstProcess, WorkbenchSpec.WORKSPACE, workbench::answers);
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
