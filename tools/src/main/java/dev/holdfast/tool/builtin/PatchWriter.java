package dev.holdfast.tool.builtin;

import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.GuestFiles;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Carries out the steps of a patch: all of them, or, when one fails, none. */
final class PatchWriter {
  private final GuestFiles files;
  private final Deque<Runnable> undo = new ArrayDeque<>();

  private PatchWriter(GuestFiles files) {
    this.files = files;
  }

  /**
   * Does them.
   *
   * @throws FileError when one fails; what was done before it is undone then
   */
  static void write(GuestFiles files, List<PatchStep> steps) {
    var writer = new PatchWriter(files);
    try {
      // what goes away makes room first
      steps.stream().filter(PatchStep.Delete.class::isInstance).forEach(writer::step);
      steps.stream().filter(it -> !(it instanceof PatchStep.Delete)).forEach(writer::step);
    } catch (FileError error) {
      writer.undo(error);
      throw error;
    }
  }

  private void step(PatchStep step) {
    switch (step) {
      case PatchStep.Delete it -> {
        files.delete(it.path());
        undo.push(() -> TextFile.write(files, it.path(), it.before(), it.executable()));
      }
      case PatchStep.Create it -> {
        TextFile.write(files, it.path(), it.text(), it.patch().executable());
        undo.push(() -> files.delete(it.path()));
      }
      case PatchStep.Modify it -> {
        TextFile.write(files, it.path(), it.text(), false);
        undo.push(() -> TextFile.write(files, it.path(), it.before(), false));
      }
      case PatchStep.Rename it -> rename(it);
    }
  }

  private void rename(PatchStep.Rename step) {
    int parent = step.to().lastIndexOf('/');
    if (parent > 0) {
      files.makeDirectory(step.to().substring(0, parent));
    }
    files.move(step.from(), step.to());
    undo.push(() -> files.move(step.to(), step.from()));
    if (!step.text().equals(step.before())) {
      TextFile.write(files, step.to(), step.text(), false);
      undo.push(() -> TextFile.write(files, step.to(), step.before(), false));
    }
  }

  private void undo(FileError cause) {
    while (!undo.isEmpty()) {
      try {
        undo.pop().run();
      } catch (FileError second) {
        cause.addSuppressed(second); // the others are still put back
      }
    }
  }
}
