package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Terminal;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Copies files of a workbench to this machine. Names and kinds come from inside, where an agent may
 * change them at any moment, so nothing of them is trusted: a name is one part of a path; no link
 * is made, and none that is here already is followed; a directory is one when it is entered; there
 * is an end to depth and number.
 */
final class Download {
  private static final int DEEPEST = 128;
  private static final int MOST_FILES = 1_000_000;
  private static final String ANYBODY_MAY_RUN = "rwxr-xr-x";

  private final RemoteFiles files;
  private final Terminal terminal;
  private int copied;

  Download(RemoteFiles files, Terminal terminal) {
    this.files = files;
    this.terminal = terminal;
  }

  /**
   * Copies.
   *
   * @param to what the person named: the one link that is followed is that itself
   */
  void copy(String from, Path to) throws IOException {
    var entry = files.entry(from);
    switch (entry.kind()) {
      case DIRECTORY -> copyDirectory(from, Files.isDirectory(to) ? to.toRealPath() : to, 0);
      case FILE -> copyFile(from, to, entry.executable());
      case SYMLINK, OTHER ->
          throw new CommandFailure(
              ExitCode.FAILED, "`%s` is no file and no directory".formatted(from));
    }
  }

  private void copyDirectory(String from, Path to, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new CommandFailure(
          ExitCode.FAILED, "`%s` is deeper than %d directories".formatted(from, DEEPEST));
    }
    makeDirectory(to);
    for (var entry : files.list(from)) {
      var name = requireName(entry.name());
      var inside = RemoteFiles.below(from, name);
      if (++copied > MOST_FILES) {
        throw new CommandFailure(
            ExitCode.FAILED, "there are more than %d files".formatted(MOST_FILES));
      }
      switch (entry.kind()) {
        case DIRECTORY -> copyDirectory(inside, to.resolve(name), depth + 1);
        case FILE -> copyFile(inside, to.resolve(name), entry.executable());
        case SYMLINK -> leaveOut(inside, "a symbolic link");
        case OTHER -> leaveOut(inside, "no file");
      }
    }
  }

  private void leaveOut(String path, String because) {
    terminal.note("holdfast: left out `%s`: it is %s".formatted(Terminal.safe(path), because));
  }

  /** One part of a path, which leads nowhere but to itself. */
  static String requireName(String name) {
    if (name.isEmpty()
        || name.equals(".")
        || name.equals("..")
        || name.indexOf('/') >= 0
        || name.indexOf('\0') >= 0) {
      throw new CommandFailure(ExitCode.FAILED, "a file named `%s` cannot be".formatted(name));
    }
    return name;
  }

  private static void makeDirectory(Path to) throws IOException {
    try {
      Files.createDirectory(to);
    } catch (FileAlreadyExistsException there) {
      if (!Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
        throw new CommandFailure(
            ExitCode.FAILED,
            "`%s` is here and no directory: nothing is written through it".formatted(to),
            there);
      }
    }
  }

  /** Into a new file beside it, which then takes its place: a link there is replaced, not used. */
  private void copyFile(String from, Path to, boolean executable) throws IOException {
    if (Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
      throw new CommandFailure(ExitCode.FAILED, "`%s` is a directory".formatted(to));
    }
    if (!Files.isDirectory(to.resolveSibling(""))) {
      throw new NoSuchFileException(to.resolveSibling("").toString());
    }
    var fresh = to.resolveSibling(".holdfast-" + Long.toUnsignedString(System.nanoTime(), 36));
    try {
      try (var out =
          Files.newOutputStream(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        files.read(from, out);
      }
      if (executable) {
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(ANYBODY_MAY_RUN));
      }
      Files.move(fresh, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
