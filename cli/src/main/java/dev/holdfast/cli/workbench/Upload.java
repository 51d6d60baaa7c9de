package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.command.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;

/** Copies files of this machine into a workbench. Links are left out: they may lead anywhere. */
final class Upload {
  private final RemoteFiles files;
  private final Terminal terminal;

  Upload(RemoteFiles files, Terminal terminal) {
    this.files = files;
    this.terminal = terminal;
  }

  /** What the person names may be a link; what is found below it may not. */
  void copy(Path from, String to) throws IOException {
    if (!Files.exists(from)) {
      throw new CommandFailure(ExitCode.FAILED, "`%s` does not exist".formatted(from));
    }
    copyReal(from.toRealPath(), to);
  }

  private void copyReal(Path from, String to) throws IOException {
    var what = Files.readAttributes(from, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (what.isDirectory()) {
      copyDirectory(from, to);
    } else if (what.isRegularFile()) {
      copyFile(from, to, what.size());
    } else {
      terminal.note(
          "holdfast: left out `%s`: it is no file".formatted(Terminal.safe(from.toString())));
    }
  }

  private void copyDirectory(Path from, String to) throws IOException {
    files.makeDirectory(to);
    try (var entries = Files.newDirectoryStream(from)) {
      for (var entry : entries) {
        copyReal(entry, RemoteFiles.below(to, String.valueOf(entry.getFileName())));
      }
    }
  }

  private void copyFile(Path from, String to, long bytes) throws IOException {
    boolean executable =
        Files.getPosixFilePermissions(from).contains(PosixFilePermission.OWNER_EXECUTE);
    try (var content = Files.newInputStream(from, LinkOption.NOFOLLOW_LINKS)) {
      files.write(to, content, bytes, executable);
    }
  }
}
