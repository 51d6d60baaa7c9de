package dev.holdfast.tool.builtin;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.workbench.FileEntry;
import dev.holdfast.workbench.GuestFiles;
import dev.holdfast.workbench.WorkbenchSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Paths as models write them. One file has one spelling here, so that a policy on paths cannot be
 * passed by with another; the guest refuses what leaves the workspace whatever the spelling.
 */
public final class WorkspacePath {
  private static final String NEXT =
      "paths are relative to the workspace, without `..`: for example `src/app.py`";

  private WorkspacePath() {}

  /**
   * The path relative to the workspace, without empty and {@code .} parts; {@code .} is the
   * workspace. {@code /workspace/x} is taken as {@code x}. A path with {@code ..}, or otherwise
   * absolute, stays as it is: {@link #require} refuses it.
   */
  public static String of(String given) {
    var relative = given;
    if (given.equals(WorkbenchSpec.WORKSPACE) || given.startsWith(WorkbenchSpec.WORKSPACE + "/")) {
      relative = "./" + given.substring(WorkbenchSpec.WORKSPACE.length());
    }
    if (relative.startsWith("/")) {
      return given;
    }
    var parts = new ArrayList<String>();
    for (var part : List.of(relative.split("/", -1))) {
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return parts.isEmpty() ? "." : String.join("/", parts);
  }

  /**
   * Refuses a path that cannot be one of the workspace by its letters alone.
   *
   * @throws ToolFault saying what is allowed
   */
  public static String require(String path) {
    if (path.startsWith("/") || List.of(path.split("/", -1)).contains("..")) {
      throw new ToolFault(
          ErrorCode.OUTSIDE_WORKSPACE, "the path `%s` leaves the workspace".formatted(path), NEXT);
    }
    if (path.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      throw new ToolFault(
          ErrorCode.INVALID_INPUT,
          "the path `%s` has a control character".formatted(path.replaceAll("\\p{Cntrl}", "?")),
          NEXT);
    }
    return path;
  }

  /**
   * What the path names, for a program that will be given it as an argument: looked at through the
   * guest first, which refuses links that lead out of the workspace.
   *
   * @throws ToolFault when there is nothing
   */
  public static FileEntry.Kind requireExisting(GuestFiles files, String path) {
    if (require(path).equals(".")) {
      return FileEntry.Kind.DIRECTORY;
    }
    var entry = files.stat(path).orElseThrow(() -> missing(path));
    return switch (entry.kind()) {
      case DIRECTORY -> {
        files.list(path, 1);
        yield FileEntry.Kind.DIRECTORY;
      }
      case FILE, OTHER -> entry.kind();
      case SYMLINK -> target(files, path);
    };
  }

  private static FileEntry.Kind target(GuestFiles files, String path) {
    try {
      files.list(path, 1);
      return FileEntry.Kind.DIRECTORY;
    } catch (dev.holdfast.workbench.FileError error) {
      if (error.code() == dev.holdfast.workbench.FileError.Code.NOT_DIRECTORY) {
        files.read(path, 0, 1);
        return FileEntry.Kind.FILE;
      }
      throw error;
    }
  }

  static ToolFault missing(String path) {
    return new ToolFault(
        ErrorCode.NOT_FOUND,
        "there is no `%s` in the workspace".formatted(path),
        "look with list_files, or find it with glob");
  }
}
