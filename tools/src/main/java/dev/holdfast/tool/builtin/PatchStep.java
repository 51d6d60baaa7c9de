package dev.holdfast.tool.builtin;

import dev.holdfast.tool.edit.FilePatch;
import java.util.List;

/** What is to be done for one file of a patch, computed to the last byte. */
sealed interface PatchStep {
  FilePatch patch();

  /** Hunks that were applied elsewhere than they said. */
  List<String> offsets();

  /** A file that is not there yet. */
  record Create(FilePatch patch, String path, String text, List<String> offsets)
      implements PatchStep {}

  /** A file that stays where it is. */
  record Modify(FilePatch patch, String path, String before, String text, List<String> offsets)
      implements PatchStep {}

  /** A file that goes away. */
  record Delete(
      FilePatch patch, String path, String before, boolean executable, List<String> offsets)
      implements PatchStep {}

  /** A file that goes elsewhere, and may change. */
  record Rename(
      FilePatch patch, String from, String to, String before, String text, List<String> offsets)
      implements PatchStep {}
}
