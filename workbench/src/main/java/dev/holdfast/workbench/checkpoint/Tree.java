package dev.holdfast.workbench.checkpoint;

import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory as one file. The tree is an agent's: {@code tar} follows no link in it and keeps
 * holes as holes; a path of more than 4 KiB is not restored. A name is written down whole for each
 * file and link, and kept in memory for each that has several, so a small tree can make a file of
 * any size: that and {@code tar}'s memory have limits.
 */
final class Tree {
  /** A full disk of a workspace, 4 GiB, and the names and times of all its files. */
  static final long MOST_BYTES = 6L << 30;

  private static final long MOST_MEMORY = 1L << 30;
  private static final int MOST_WORDS = 64 << 10;

  /** What of a line is told: the reason comes last, after a name that may be long. */
  private static final int COMPLAINT = 400;

  /** Times to the nanosecond, which programs that go on compare; not those of looking at a file. */
  private static final List<String> FORMAT =
      List.of("--format=posix", "--pax-option=delete=atime,delete=ctime", "--sparse");

  /** The last is for the upper directories of overlays; nobody inside can set it. */
  private static final List<String> ATTRIBUTES =
      List.of(
          "--numeric-owner",
          "--xattrs",
          "--xattrs-include=user.*",
          "--xattrs-include=trusted.overlay.opaque");

  private Tree() {}

  /**
   * Saves all below a directory in which nothing changes meanwhile.
   *
   * @param mostBytes what the file may have
   * @throws WorkbenchException when it would have more
   */
  static void save(Path directory, Path file, long mostBytes) throws IOException {
    var options = new ArrayList<>(FORMAT);
    options.addAll(ATTRIBUTES);
    try {
      var limits = List.of("--fsize=" + mostBytes);
      tar(limits, "--create", file, directory, options, List.of("."));
    } catch (IOException e) {
      if (Files.exists(file) && Files.size(file) >= mostBytes) {
        throw new WorkbenchException(
            "its files, with their names, take more than the %d bytes that are allowed"
                .formatted(mostBytes),
            e);
      }
      throw e;
    }
  }

  /**
   * Puts it all into a directory.
   *
   * @throws WorkbenchException when there is something in it already
   */
  static void restore(Path file, Path directory) throws IOException {
    try (Stream<Path> there = Files.list(directory)) {
      if (there.findAny().isPresent()) {
        throw new WorkbenchException(
            "workspace `%s` is not empty: files are restored into an empty directory"
                .formatted(directory));
      }
    }
    var options = new ArrayList<>(ATTRIBUTES);
    options.addAll(List.of("--same-owner", "--preserve-permissions", "--delay-directory-restore"));
    tar(List.of(), "--extract", file, directory, options, List.of());
  }

  /**
   * @param limits of the process, as {@code prlimit} takes them
   */
  private static void tar(
      List<String> limits,
      String what,
      Path file,
      Path directory,
      List<String> options,
      List<String> names)
      throws IOException {
    var command = new ArrayList<>(List.of("prlimit", "--as=" + MOST_MEMORY));
    command.addAll(limits);
    command.addAll(List.of("tar", what, "--file", file.toString()));
    command.addAll(options);
    command.addAll(List.of("--directory", directory.toString()));
    command.addAll(names);
    run(command);
  }

  /** Removes a directory, however deep it is. */
  static void remove(Path directory) throws IOException {
    run(List.of("rm", "--recursive", "--force", "--one-file-system", "--", directory.toString()));
  }

  private static void run(List<String> command) throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    process.getOutputStream().close();
    try (var said = process.getInputStream()) {
      byte[] words = said.readNBytes(MOST_WORDS);
      said.transferTo(OutputStream.nullOutputStream());
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException("status %d: %s".formatted(status, reason(words)));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String reason(byte[] words) {
    String first =
        new String(words, StandardCharsets.UTF_8).lines().findFirst().orElse("it gave no reason");
    return first.substring(Math.max(0, first.length() - COMPLAINT));
  }
}
