package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.oci.Jail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Holdfast's own file servers ({@code guest/share}), one for each mount of a machine, in the jail
 * of its monitor. What they know of a machine's open files can be saved, unlike QEMU's.
 */
enum FileServers {
  /** The host's {@code /usr}, or an image. */
  SYSTEM("system", "--read-only system=" + Surroundings.SYSTEM),
  /** Workspace and mounts. */
  SHARES("shares", "--tree shares=" + Surroundings.SHARES);

  private static final String PROGRAM = Surroundings.PLACE + "/share";

  private final String name;
  private final String serves;

  FileServers(String name, String serves) {
    this.name = name;
    this.serves = serves;
  }

  String title() {
    return name;
  }

  /** Where the monitor finds it, in the jail. */
  String socket() {
    return "/tmp/" + name;
  }

  /** Where it finds the host, in the jail. */
  String control() {
    return Surroundings.PLACE + "/files-" + name;
  }

  /** What it goes on with, in the jail. */
  String session() {
    return Surroundings.PLACE + "/session-" + name;
  }

  /** Starts both in a shell, and waits until they listen. */
  static String start() {
    return """
        %s%stries=0
        until [ -S %s ] && [ -S %s ]; do
          tries=$((tries + 1))
          [ $tries -lt 100000 ] || exit 70
        done
        """
        .formatted(SYSTEM.command(), SHARES.command(), SYSTEM.socket(), SHARES.socket());
  }

  private String command() {
    return "%s --listen %s --control %s $([ -e %4$s ] && echo --session %4$s) %5$s &\n"
        .formatted(PROGRAM, socket(), control(), session(), serves);
  }

  /** Their program in the jail. */
  static List<Mount> program(Jail jail) throws IOException {
    Path program = jail.program("share");
    return List.of(Surroundings.readable(program, PROGRAM));
  }

  /** What they go on with in the jail. */
  static List<Mount> sessions(SavedMemory saved) {
    return List.of(
        Surroundings.readable(saved.session(SYSTEM), SYSTEM.session()),
        Surroundings.readable(saved.session(SHARES), SHARES.session()));
  }
}
