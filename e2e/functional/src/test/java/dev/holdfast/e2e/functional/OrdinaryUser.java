package dev.holdfast.e2e.functional;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Somebody who is not root, with ids of his own and, if he is given them, control groups. The host
 * does not know him: his account is in files that cover the host's for his processes alone.
 *
 * @param home his home directory, which is made his
 * @param group the name of his control groups
 */
record OrdinaryUser(Path home, String group) implements AutoCloseable {
  static final int ID = 47_110;

  /** The first of the ids that {@code /etc/subuid} gives him. */
  static final int FIRST_ID = 1_500_000_000;

  private static final Path CONTROL = Path.of("/sys/fs/cgroup");
  private static final Path LAUNCHER = Path.of("../../holdfast").toAbsolutePath().normalize();
  private static final Duration LONGEST = Duration.ofMinutes(3);

  /** Arguments: the control groups to enter, then {@code --}, then the command. */
  private static final String BECOME =
      """
      set -eu
      etc=$(mktemp -d); mount -t tmpfs none "$etc"
      cp /etc/passwd /etc/group "$etc"
      echo "ida:x:%1$d:%1$d::$HOME:/bin/sh" >>"$etc/passwd"
      echo "ida:x:%1$d:" >>"$etc/group"
      for file in subuid subgid; do echo "ida:%2$d:65536" >"$etc/$file"; done
      for file in passwd group subuid subgid; do mount --bind "$etc/$file" "/etc/$file"; done
      umount -l "$etc"; rmdir "$etc"
      while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs"; shift; done
      shift
      exec setpriv --reuid=%1$d --regid=%1$d --init-groups "$@"
      """
          .formatted(ID, FIRST_ID);

  /** Makes a directory the user's, to be his home. */
  static OrdinaryUser in(Path home) throws IOException {
    for (String attribute : List.of("unix:uid", "unix:gid")) {
      Files.setAttribute(home, attribute, ID);
    }
    return new OrdinaryUser(home, "holdfast-user-" + ProcessHandle.current().pid());
  }

  /** The same with control groups that are his, in every hierarchy of the host. */
  OrdinaryUser withGroups() throws IOException {
    for (Path hierarchy : hierarchies()) {
      Path own = Files.createDirectories(hierarchy.resolve(group));
      for (String name : List.of(".", "cgroup.procs", "tasks", "cgroup.subtree_control")) {
        if (Files.exists(own.resolve(name))) {
          Files.setAttribute(own.resolve(name), "unix:uid", ID);
        }
      }
    }
    return this;
  }

  private static List<Path> hierarchies() throws IOException {
    if (Files.exists(CONTROL.resolve("cgroup.procs"))) {
      return List.of(CONTROL);
    }
    try (Stream<Path> all = Files.list(CONTROL)) {
      return all.filter(
              path ->
                  List.of("memory", "pids", "cpu", "freezer", "unified")
                      .contains(path.getFileName().toString()))
          .toList();
    }
  }

  /** His control groups, for as long as they are there. */
  List<Path> groups() throws IOException {
    return hierarchies().stream()
        .map(hierarchy -> hierarchy.resolve(group))
        .filter(Files::isDirectory)
        .toList();
  }

  /** Starts {@code holdfast} as he would, and does not wait for it. */
  Process start(String... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(LAUNCHER.toString());
    command.addAll(List.of(arguments));
    return startProgram(command);
  }

  private Process startProgram(List<String> program) throws IOException {
    var command =
        new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private", "sh", "-c"));
    command.addAll(List.of(BECOME, "sh"));
    groups().forEach(path -> command.add(path.toString()));
    command.add("--");
    command.addAll(program);
    var builder = new ProcessBuilder(command).directory(home.toFile());
    builder.environment().clear();
    builder.environment().put("HOME", home.toString());
    builder.environment().put("USER", "ida");
    builder
        .environment()
        .put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().put("HOLDFAST_NO_BUILD", "1");
    return builder.start();
  }

  /** Runs {@code holdfast} as he would. */
  Cli.Said run(String... arguments) throws IOException, InterruptedException {
    return said(start(arguments));
  }

  /** Runs any program as he would. */
  Cli.Said runProgram(String... program) throws IOException, InterruptedException {
    return said(startProgram(List.of(program)));
  }

  private static Cli.Said said(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    Path out = Files.createTempFile("out", "");
    Path err = Files.createTempFile("err", "");
    try {
      var outputs = Thread.ofVirtual().start(() -> copy(process.getInputStream(), out));
      var errors = Thread.ofVirtual().start(() -> copy(process.getErrorStream(), err));
      if (!process.waitFor(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
      outputs.join();
      errors.join();
      return new Cli.Said(process.waitFor(), Files.readString(out), Files.readString(err));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static void copy(java.io.InputStream from, Path to) {
    try (from) {
      Files.write(to, from.readAllBytes());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** His control groups and those in them. */
  List<Path> below() throws IOException {
    var found = new ArrayList<Path>();
    for (Path own : groups()) {
      found.add(own);
      try (Stream<Path> children = Files.list(own)) {
        children.filter(Files::isDirectory).forEach(found::add);
      }
    }
    return found;
  }

  /** Every process in his groups. */
  List<Long> processes() throws IOException {
    var found = new ArrayList<Long>();
    for (Path own : below()) {
      try {
        Files.readAllLines(own.resolve("cgroup.procs")).stream()
            .map(Long::parseLong)
            .forEach(found::add);
      } catch (NoSuchFileException gone) {
        // So nobody is in it.
      }
    }
    return found;
  }

  /** Removes his groups, with whoever is still in them. */
  @Override
  public void close() throws IOException {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (!processes().isEmpty() && System.nanoTime() < deadline) {
      processes().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      LockSupport.parkNanos(1_000_000);
    }
    for (Path own : below().reversed()) {
      Files.delete(own);
    }
  }
}
