package dev.holdfast.workbench.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The control group that an ordinary user was given for his own. Workbenches have their groups
 * below it, so nothing that limits them is ever missing: without such a group none is made.
 */
final class OwnGroup {
  /** Where the processes of a version 2 group go that limits those below it: it may have none. */
  static final String LEAF = "holdfast";

  /** What gives a user such a group, where systemd runs the host. */
  static final String REMEDY = "systemd-run --user --scope -p Delegate=yes ./holdfast COMMAND";

  private static final List<String> LIMITING = List.of("memory", "pids", "cpu");

  /** How often processes are moved that others start meanwhile. */
  private static final int MOVES = 20;

  private final Cgroups cgroups;

  OwnGroup(Cgroups cgroups) {
    this.cgroups = cgroups;
  }

  /** Why workbenches cannot be limited here; empty when they can. */
  Optional<String> problem() {
    List<String> lacking = LIMITING.stream().filter(name -> !limits(name)).toList();
    if (!lacking.isEmpty()) {
      return Optional.of(
          "no control group of your own limits %s here".formatted(String.join(", ", lacking)));
    }
    // Otherwise a next start, in another user namespace, had no right to end what was left.
    return cgroups.v2().filter(group -> Files.exists(group.resolve("cgroup.kill"))).isPresent()
        ? Optional.empty()
        : Optional.of("no version 2 control group of your own can be ended (Linux 5.14)");
  }

  private boolean limits(String controller) {
    return cgroups.v1(controller).isPresent() || inV2(controller);
  }

  private boolean inV2(String controller) {
    return cgroups.v2().map(group -> words(group.resolve("cgroup.controllers"))).stream()
        .anyMatch(known -> known.contains(controller));
  }

  /**
   * Makes the group ready to limit others below it.
   *
   * @throws IOException when the kernel refuses
   */
  void prepare() throws IOException {
    List<String> missing =
        LIMITING.stream().filter(name -> cgroups.v1(name).isEmpty()).filter(this::isOff).toList();
    if (missing.isEmpty()) {
      return;
    }
    Path group = cgroups.v2().orElseThrow();
    empty(group);
    Files.writeString(group.resolve("cgroup.subtree_control"), "+" + String.join(" +", missing));
  }

  private boolean isOff(String controller) {
    return cgroups
        .v2()
        .filter(group -> !words(group.resolve("cgroup.subtree_control")).contains(controller))
        .isPresent();
  }

  /** A version 2 group that limits others has no processes itself. */
  private static void empty(Path group) throws IOException {
    Path leaf = group.resolve(LEAF);
    if (!Files.isDirectory(leaf)) {
      Files.createDirectory(leaf);
    }
    for (int i = 0; i < MOVES; i++) {
      List<String> processes = Files.readAllLines(group.resolve("cgroup.procs"));
      if (processes.isEmpty()) {
        return;
      }
      for (String process : processes) {
        move(process, leaf);
      }
    }
    throw new IOException("processes keep being started in control group `%s`".formatted(group));
  }

  private static void move(String process, Path leaf) throws IOException {
    try {
      Files.writeString(leaf.resolve("cgroup.procs"), process);
    } catch (NoSuchFileException gone) {
      throw gone;
    } catch (IOException e) {
      if (Files.exists(Path.of("/proc", process))) {
        throw e;
      }
    }
  }

  private static List<String> words(Path file) {
    try {
      return List.of(Files.readString(file).strip().split(" ", -1));
    } catch (IOException none) {
      return List.of();
    }
  }
}
