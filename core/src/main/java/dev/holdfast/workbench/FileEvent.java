package dev.holdfast.workbench;

/**
 * Something that happened to the files of a workbench. Names are an agent's: any bytes, those that
 * are no UTF-8 replaced. Paths are relative to the workspace.
 */
public sealed interface FileEvent {
  /** It is there now; when it appears in a new directory it may be told twice. */
  record Created(String path, boolean directory) implements FileEvent {}

  /** Its content, mode or times are others. */
  record Changed(String path, boolean directory) implements FileEvent {}

  /** It is not there any more, or not below what is watched. */
  record Removed(String path, boolean directory) implements FileEvent {}

  /** It has another place, with all below it. */
  record Renamed(String from, String path, boolean directory) implements FileEvent {}

  /** There was more than could be told: whoever wants to know all looks anew. */
  record Overflow() implements FileEvent {}

  /** Nothing below this directory is seen, and maybe others, as there are too many. */
  record Unwatched(String path) implements FileEvent {}
}
