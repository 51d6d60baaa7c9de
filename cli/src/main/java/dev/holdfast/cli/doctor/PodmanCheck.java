package dev.holdfast.cli.doctor;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.docker.DockerEngine;

/**
 * Whether Podman makes workbenches, by making one and working in it: through the socket of its
 * service, or through a service that is started for this.
 */
final class PodmanCheck {
  private PodmanCheck() {}

  static Finding inspect(Host host) {
    try (var engine = DockerEngine.openPodman(host.home(), host.env());
        var workbench = engine.create(WorkbenchSpec.empty(Caps.DEFAULT))) {
      workbench.exec(ExecSpec.of("true"));
      return Finding.works("makes workbenches with " + engine.daemon());
    } catch (WorkbenchException e) {
      return Finding.broken(
          String.valueOf(e.getMessage()),
          host.has("podman") ? Remedy.NONE : Remedy.install("podman"));
    }
  }
}
