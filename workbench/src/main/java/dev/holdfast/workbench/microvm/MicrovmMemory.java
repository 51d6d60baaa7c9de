package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.checkpoint.Memory;
import dev.holdfast.workbench.oci.Jail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The memory of microVMs: what differs from the template that the machine continued from, so it
 * goes on over that very template only.
 *
 * @param machines the live ones that are made for it
 */
record MicrovmMemory(
    Jail jail, Templates templates, Map<WorkbenchId, Source> machines, Continuation continuation)
    implements Memory {
  /**
   * A machine whose memory can be saved.
   *
   * @param template what it continued from, by its {@link Template#mark}
   */
  record Source(Vmm.Running machine, String template) {}

  /** Makes a workbench that goes on from saved memory. */
  @FunctionalInterface
  interface Continuation {
    Workbench make(WorkbenchSpec spec, Path from, int lastStream);
  }

  @Override
  public boolean holdsStill() {
    return false;
  }

  /** The monitor has to move for it, the machine does so until its programs are at rest. */
  @Override
  public void save(WorkbenchSpec spec, Path into) throws IOException {
    Source source = Optional.ofNullable(machines.get(spec.id())).orElseThrow(Vmm::noMemory);
    Files.writeString(new SavedMemory(into).template(), source.template());
    jail.resume(spec.id());
    try {
      source.machine().saveMemory(into);
    } finally {
      jail.pause(spec.id());
    }
  }

  private Template template(WorkbenchSpec spec) throws IOException {
    return templates.of(spec.caps(), spec.root(), spec.saves());
  }

  @Override
  public Workbench restore(WorkbenchSpec spec, Path from, int lastStream) {
    var saving = spec.saving(Content.FILES_AND_MEMORY);
    try {
      if (!Files.readString(new SavedMemory(from).template()).equals(template(saving).mark())) {
        throw new WorkbenchException(
            "the memory was saved with another kernel, QEMU or Holdfast: only its files go on, with `--files-only`");
      }
    } catch (IOException e) {
      throw new WorkbenchException("saved memory cannot be read: " + e.getMessage(), e);
    }
    return continuation.make(saving, from, lastStream);
  }
}
