package dev.holdfast.cli.doctor;

import dev.holdfast.cli.command.Context;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What this machine isolates workbenches with, for reports that depend on it. */
public final class Equipment {
  private static final List<String> NAMES =
      List.of("kernel", "oci", "gvisor", "docker.io", "microvm");

  private static final List<String> PROGRAMS = List.of("crun", "runc", "runsc", "podman");

  private Equipment() {}

  /** What the doctor sees of each: its version, or why it does not work. */
  public static Map<String, String> of(Context context) throws InterruptedException {
    var checks = Checks.ALL.stream().filter(check -> NAMES.contains(check.name())).toList();
    var host = new Host(context.env(), context.home());
    var equipment = new LinkedHashMap<String, String>();
    for (var seen : Examination.of(checks, host)) {
      equipment.put(seen.check().title(), seen.finding().detail());
    }
    for (var program : PROGRAMS) {
      if (host.has(program)) {
        equipment.put(program, host.run(Host.QUICK, program, "--version").firstLine());
      }
    }
    return equipment;
  }
}
