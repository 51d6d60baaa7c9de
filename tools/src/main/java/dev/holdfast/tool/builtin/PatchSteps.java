package dev.holdfast.tool.builtin;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.edit.FilePatch;
import dev.holdfast.tool.edit.PatchedText;
import dev.holdfast.tool.edit.PatchedText.Patched;
import dev.holdfast.workbench.FileEntry;
import dev.holdfast.workbench.GuestFiles;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Turns a patch into steps. Reads the workspace and changes nothing. */
final class PatchSteps {
  /** All files together: they are held in memory until the last one is known to fit. */
  private static final int MOST_CHARACTERS = 64 << 20;

  private static final int ANY_EXECUTE = 0111;
  private static final String UNCHANGED = "nothing was changed";

  private final GuestFiles files;
  private final Set<String> named = new HashSet<>();
  private long characters;

  PatchSteps(GuestFiles files) {
    this.files = files;
  }

  /**
   * What to do, in the order of the patch.
   *
   * @throws ToolFault when any of it cannot be done
   */
  List<PatchStep> plan(List<FilePatch> patches) {
    var steps = new ArrayList<PatchStep>();
    for (var patch : patches) {
      patch.from().ifPresent(this::claim);
      patch.to().filter(it -> !it.equals(patch.from().orElse(""))).ifPresent(this::claim);
      steps.add(step(patch));
    }
    return steps;
  }

  private void claim(String path) {
    WorkspacePath.require(path);
    if (!named.add(path)) {
      throw new ToolFault(
          ErrorCode.INVALID_INPUT,
          "`%s` is in the patch twice".formatted(path),
          "put all its hunks under one header; " + UNCHANGED);
    }
  }

  private PatchStep step(FilePatch patch) {
    if (patch.from().isEmpty()) {
      return create(patch, patch.path());
    }
    var from = patch.from().get();
    var entry = regular(from);
    var before = TextFile.read(files, from);
    characters += before.length();
    if (characters > MOST_CHARACTERS) {
      throw new ToolFault(
          ErrorCode.INVALID_INPUT,
          "the files of the patch have more than %d MiB together".formatted(MOST_CHARACTERS >> 20),
          "split the patch; " + UNCHANGED);
    }
    var patched = PatchedText.apply(from, before, patch.hunks());
    if (patch.to().isEmpty()) {
      return delete(patch, from, entry, before, patched);
    }
    var to = patch.to().get();
    if (to.equals(from)) {
      return new PatchStep.Modify(patch, from, before, patched.text(), patched.offsets());
    }
    requireFree(to);
    return new PatchStep.Rename(patch, from, to, before, patched.text(), patched.offsets());
  }

  private PatchStep create(FilePatch patch, String path) {
    requireFree(path);
    var patched = PatchedText.apply(path, "", patch.hunks());
    return new PatchStep.Create(patch, path, patched.text(), patched.offsets());
  }

  private static PatchStep delete(
      FilePatch patch, String path, FileEntry entry, String before, Patched patched) {
    if (!patched.text().isEmpty()) {
      throw new ToolFault(
          ErrorCode.CONFLICT,
          "the patch deletes `%s`, but not all of its lines".formatted(path),
          "give every line of the file with `-`; " + UNCHANGED);
    }
    boolean executable = (entry.mode() & ANY_EXECUTE) != 0;
    return new PatchStep.Delete(patch, path, before, executable, patched.offsets());
  }

  private FileEntry regular(String path) {
    var entry = files.stat(path).orElseThrow(() -> WorkspacePath.missing(path));
    if (entry.kind() == FileEntry.Kind.SYMLINK) {
      throw new ToolFault(
          ErrorCode.NOT_ALLOWED,
          "`%s` is a symbolic link".formatted(path),
          "name the file that it leads to; " + UNCHANGED);
    }
    return entry;
  }

  private void requireFree(String path) {
    if (files.stat(path).isPresent()) {
      throw new ToolFault(
          ErrorCode.CONFLICT,
          "there is a `%s` already".formatted(path),
          "give a patch that changes it, or use another name; " + UNCHANGED);
    }
  }
}
