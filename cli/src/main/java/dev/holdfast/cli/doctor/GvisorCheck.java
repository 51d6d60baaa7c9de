package dev.holdfast.cli.doctor;

import dev.holdfast.workbench.oci.GvisorProbe;
import java.util.List;

/** Whether workbenches run under gVisor, by making one and working in it. */
final class GvisorCheck {
  /** Debian 12's own build does not serve the programs of Debian 12; its backport does. */
  private static final String TOO_OLD = "bookworm";

  private GvisorCheck() {}

  static Finding inspect(Host host) {
    var report = GvisorProbe.examine(host.home());
    return report
        .chosen()
        .map(name -> Finding.works("makes workbenches with " + name))
        .orElseGet(
            () ->
                Finding.broken(
                    report.detail(), report.remedy().isEmpty() ? Remedy.NONE : remedy(host)));
  }

  static Remedy remedy(Host host) {
    return host.read("/etc/os-release").contains("VERSION_CODENAME=" + TOO_OLD)
        ? new Remedy(
            List.of("runsc/" + TOO_OLD + "-backports"),
            "sudo apt-get install -y runsc/%s-backports".formatted(TOO_OLD))
        : Remedy.install("runsc");
  }
}
