package dev.holdfast.cli.doctor;

import dev.holdfast.cli.command.Terminal;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;

/** Installs the packages that checks lack. Asks for nothing. */
record Repair(Host host, Terminal terminal) {
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /**
   * Makes the checks, installs what they lack, and makes them again when anything was tried.
   *
   * @param optional also what Holdfast works without
   */
  List<Examination> mend(List<Check> checks, boolean optional) throws InterruptedException {
    var found = Examination.of(checks, host);
    return install(packages(found, optional)) ? Examination.of(checks, host) : found;
  }

  /**
   * What would mend these, in the order of the checks.
   *
   * @param optional also what Holdfast works without
   */
  static Collection<String> packages(List<Examination> examinations, boolean optional) {
    var packages = new LinkedHashSet<String>();
    for (var examination : examinations) {
      if ((examination.blocks() || (optional && !examination.works()))
          && examination.finding() instanceof Finding.Broken(var _, var remedy)) {
        packages.addAll(remedy.packages());
      }
    }
    return packages;
  }

  /**
   * Installs them, one line each.
   *
   * @return whether anything was tried
   */
  boolean install(Collection<String> packages) {
    if (packages.isEmpty()) {
      return false;
    }
    if (!host.root() || !host.has("apt-get")) {
      terminal.note(
          "holdfast: only root can install packages here; type: sudo apt-get install -y "
              + String.join(" ", packages));
      return false;
    }
    host.run(LIMIT, "apt-get", "update");
    packages.forEach(this::install);
    return true;
  }

  private Host.Ran fromTheSources(String name) {
    return host.run(LIMIT, "apt-get", "install", "-y", "--no-install-recommends", name);
  }

  private void install(String name) {
    terminal.note("holdfast: installing " + name);
    var ran =
        name.equals(KernelFetch.PACKAGE)
            ? KernelFetch.fetch(host)
            : Backports.of(host, name)
                .map(backports -> backports.install(name))
                .orElseGet(() -> fromTheSources(name));
    if (!ran.ok()) {
      terminal.note("holdfast: installing %s failed: %s".formatted(name, ran.lastLine()));
    }
  }
}
