package dev.holdfast.cli.doctor;

import dev.holdfast.workbench.oci.RuntimeProbe;

/** Whether a container can be started as Holdfast starts them, by starting some. */
final class OciCheck {
  private OciCheck() {}

  static Finding inspect(Host host) {
    var report = RuntimeProbe.examine(host.home());
    if (report.chosen().isPresent()) {
      var name = report.chosen().get();
      return report.findings().stream()
          .filter(finding -> finding.subject().equals(name))
          .findFirst()
          .map(finding -> Finding.works(name + " " + finding.detail()))
          .orElseGet(() -> Finding.works(name));
    }
    var why = new StringBuilder();
    for (var finding : report.findings()) {
      if (!finding.works()) {
        why.append(why.isEmpty() ? "" : "; ")
            .append(finding.subject())
            .append(": ")
            .append(finding.detail());
      }
    }
    return Finding.broken(why.toString(), host.root() ? Remedy.install("runc") : Remedy.NONE);
  }
}
