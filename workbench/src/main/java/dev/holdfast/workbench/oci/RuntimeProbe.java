package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.oci.Starter.Groups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds out which ways of starting containers work on this host, by starting a real one with each
 * and looking at what came of it. Version numbers say little: the same crun works or not depending
 * on how the host mounts its control groups.
 */
public final class RuntimeProbe {
  private static final int ROUNDS = 3;
  private static final List<String> NAMES = List.of("crun", "runc");
  private static final String INSTALL = "apt-get install -y crun runc";

  private final Layout layout;
  private final Cgroups cgroups;

  private RuntimeProbe(Layout layout) {
    this.layout = layout;
    this.cgroups = Cgroups.ofHost();
  }

  /**
   * One thing that was looked at.
   *
   * @param detail what works, or what does not and why
   * @param remedy a command that mends it; empty when there is none, or nothing to mend
   */
  public record Finding(String subject, boolean works, String detail, String remedy) {}

  /** The result of a probe: the findings for a person, and the choice. */
  public record Report(List<Finding> findings, Optional<String> chosen) {
    public Report {
      findings = List.copyOf(findings);
    }
  }

  /** Looks at everything anew and says what was found. */
  public static Report examine(Path home) {
    var probe = new RuntimeProbe(Layout.in(home));
    var findings = new ArrayList<Finding>();
    probe.host(findings);
    if (Privilege.problem().isPresent()) {
      return new Report(findings, Optional.empty());
    }
    try {
      Privilege.require();
      var container = new Container(probe.layout, probe.cgroups);
      Optional<OciRuntime> chosen = probe.runtimes(container, findings);
      return new Report(findings, chosen.map(OciRuntime::name));
    } catch (IOException e) {
      throw new WorkbenchException(
          "the state directory `%s` cannot be used: %s".formatted(home, e.getMessage()), e);
    }
  }

  /**
   * The best way that works. Remembered on disk until the host boots anew or a program changes.
   *
   * @throws WorkbenchException when none works, with what to do
   */
  static OciRuntime choose(Layout layout, Container container) throws IOException {
    var probe = new RuntimeProbe(layout);
    var memory = new ProbeMemory(layout.rootfs().resolve("probe"), probe.fingerprint(container));
    List<OciRuntime> candidates = probe.candidates();
    Optional<OciRuntime> remembered = memory.recall(candidates);
    if (remembered.isPresent()) {
      return remembered.get();
    }
    var findings = new ArrayList<Finding>();
    OciRuntime chosen =
        probe
            .first(container, findings)
            .orElseThrow(() -> new WorkbenchException(unusable(findings)));
    memory.remember(chosen);
    return chosen;
  }

  private static String unusable(List<Finding> findings) {
    var text = new StringBuilder("no container runtime works on this host:");
    for (Finding finding : findings) {
      if (!finding.works()) {
        text.append(" %s: %s.".formatted(finding.subject(), finding.detail()));
      }
    }
    return text.append(" try `holdfast doctor --fix` or `").append(INSTALL).append('`').toString();
  }

  private void host(List<Finding> findings) {
    Cgroups.Mode mode = cgroups.mode();
    findings.add(
        new Finding(
            "control groups",
            mode != Cgroups.Mode.NONE,
            mode == Cgroups.Mode.NONE
                ? "none are mounted below /sys/fs/cgroup, so no limit could be kept"
                : "version " + mode.name().toLowerCase(java.util.Locale.ROOT),
            mode == Cgroups.Mode.NONE ? "mount -t cgroup2 none /sys/fs/cgroup" : ""));
    Optional<String> privilege = Privilege.problem();
    findings.add(
        new Finding(
            "privilege",
            privilege.isEmpty(),
            privilege.orElse(
                Rootless.isActive()
                    ? "an ordinary user's own namespace, in which the agent is nobody"
                    : "root, which makes containers whose root is nobody on the host"),
            privilege.isEmpty() ? "" : "sudo holdfast …"));
    Optional<String> namespaces = Privilege.userNamespaceProblem();
    findings.add(
        new Finding(
            "user namespaces",
            namespaces.isEmpty(),
            namespaces.orElse("available"),
            namespaces.isEmpty() ? "" : "sysctl -w user.max_user_namespaces=15000"));
  }

  /** Tries every candidate; the first that works is the choice. */
  private Optional<OciRuntime> runtimes(Container container, List<Finding> findings) {
    List<OciRuntime> candidates = candidates();
    missing(candidates, findings);
    var working = new ArrayList<OciRuntime>();
    for (OciRuntime candidate : candidates) {
      try {
        OciRuntime ready = ready(candidate, container);
        Duration start = time(ready, container);
        working.add(ready);
        String detail = "starts a container in %.1f ms".formatted(start.toNanos() / 1e6);
        findings.add(new Finding(candidate.name(), true, detail, ""));
      } catch (IOException | WorkbenchException e) {
        findings.add(new Finding(candidate.name(), false, String.valueOf(e.getMessage()), ""));
      }
    }
    return working.stream().findFirst();
  }

  /** The first candidate that works, the others left alone. */
  private Optional<OciRuntime> first(Container container, List<Finding> findings) {
    List<OciRuntime> candidates = candidates();
    missing(candidates, findings);
    for (OciRuntime candidate : candidates) {
      try {
        return Optional.of(ready(candidate, container));
      } catch (IOException | WorkbenchException e) {
        findings.add(new Finding(candidate.name(), false, String.valueOf(e.getMessage()), ""));
      }
    }
    return Optional.empty();
  }

  private static void missing(List<OciRuntime> candidates, List<Finding> findings) {
    for (String name : NAMES) {
      if (candidates.stream().noneMatch(c -> c.binary().endsWith(name))) {
        findings.add(new Finding(name, false, "not installed", "apt-get install -y " + name));
      }
    }
  }

  /**
   * The candidate, with the filter that it compiled if it takes it back: compiling the list again
   * for every workbench is a third of a start.
   *
   * @throws WorkbenchException when it does not start containers as asked
   */
  private OciRuntime ready(OciRuntime candidate, Container container) throws IOException {
    Optional<String> filter = Trial.of(layout, container, candidate).filter();
    if (filter.isEmpty()) {
      return candidate;
    }
    OciRuntime ready = candidate.withFilter(filter.get());
    try {
      var _ = Trial.of(layout, container, ready);
      return ready;
    } catch (WorkbenchException doesNotTakeIt) {
      return candidate;
    }
  }

  /** The shortest of a few starts: the first one also pays for cold caches. */
  private Duration time(OciRuntime runtime, Container container) throws IOException {
    Duration best = Trial.of(layout, container, runtime).start();
    for (int round = 1; round < ROUNDS; round++) {
      Duration start = Trial.of(layout, container, runtime).start();
      best = start.compareTo(best) < 0 ? start : best;
    }
    return best;
  }

  /**
   * Best first, by what is known of them and not by a measurement, which another load would decide
   * otherwise. Crun does not know mixed control groups: where the launcher makes the groups, the v2
   * mount is hidden from it.
   */
  private List<OciRuntime> candidates() {
    var candidates = new ArrayList<OciRuntime>();
    boolean launched = LaunchedGroups.on(cgroups).isPresent();
    find("crun")
        .map(
            crun ->
                launched
                    ? runtime("crun", crun, cgroups.hybridV2(), Groups.THE_LAUNCHER)
                    : runtime("crun", crun, Optional.empty(), Groups.THE_RUNTIME))
        .ifPresent(candidates::add);
    find("runc")
        // It cannot be told to leave the groups to the launcher.
        .filter(_ -> !Rootless.isActive())
        .map(runc -> runtime("runc", runc, Optional.empty(), Groups.THE_RUNTIME))
        .ifPresent(candidates::add);
    return candidates;
  }

  private static OciRuntime runtime(String name, Path binary, Optional<Path> hides, Groups groups) {
    return new OciRuntime(name, binary, hides, groups, Optional.empty(), Optional.empty());
  }

  private static Optional<Path> find(String name) {
    return Stream.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Everything that a choice depends on. */
  private String fingerprint(Container container) throws IOException {
    var text = new StringBuilder(Processes.bootId());
    text.append(' ').append(container.launcher().getFileName()).append(' ').append(cgroups.mode());
    text.append(' ').append(AgentIds.FIRST);
    text.append(' ').append(SeccompProfile.shipped().digest());
    for (OciRuntime candidate : candidates()) {
      text.append(' ').append(candidate.binary()).append('=');
      text.append(Files.getLastModifiedTime(candidate.binary()).toMillis());
    }
    return text.toString();
  }
}
