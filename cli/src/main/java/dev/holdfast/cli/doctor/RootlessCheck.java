package dev.holdfast.cli.doctor;

import dev.holdfast.workbench.oci.Rootless;
import java.util.List;
import java.util.stream.Collectors;

/** Whether an ordinary user can make workbenches here: he himself, or what root can do for him. */
final class RootlessCheck {
  private static final String MAPPER = "newuidmap";
  private static final String PACKAGE = "uidmap";

  private RootlessCheck() {}

  static Finding inspect(Host host) {
    return host.root() ? forOthers(host) : forMe();
  }

  /** Root needs none of it; whoever is to work without root needs ids, which are his to ask for. */
  private static Finding forOthers(Host host) {
    return host.has(MAPPER)
        ? Finding.works("possible; as the user, `holdfast doctor` says what he lacks")
        : Finding.broken("`%s` is not installed".formatted(MAPPER), Remedy.install(PACKAGE));
  }

  private static Finding forMe() {
    List<Rootless.Problem> problems = Rootless.problems();
    if (problems.isEmpty()) {
      return Finding.works("in a user namespace and a control group of your own");
    }
    String details =
        problems.stream().map(Rootless.Problem::detail).collect(Collectors.joining("; "));
    return Finding.broken(details, Remedy.run(commands(problems)));
  }

  /** The last one starts Holdfast itself, and so is typed after all others. */
  private static String commands(List<Rootless.Problem> problems) {
    return problems.stream().map(Rootless.Problem::remedy).collect(Collectors.joining(" && "));
  }
}
