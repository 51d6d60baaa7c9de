package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds out which ways of starting containers work on this host, by starting a real one with each
 * and looking at what came of it. Version numbers say little: the same crun works or not depending
 * on how the host mounts its control groups.
 */
public final class RuntimeProbe {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int ROUNDS = 3;
  private static final List<String> SLEEP = List.of("/usr/bin/sleep", "60");
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

  /** A way that works, and how long it takes to start a container. */
  record Working(OciRuntime runtime, Duration start) {}

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
    Optional<OciRuntime> chosen = probe.runtimes(findings);
    return new Report(findings, chosen.map(OciRuntime::name));
  }

  /**
   * The fastest way that works. Remembered on disk until the host boots anew or a program changes.
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
        probe.runtimes(findings).orElseThrow(() -> new WorkbenchException(unusable(findings)));
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
    boolean root = Privilege.isRoot();
    findings.add(
        new Finding(
            "privilege",
            root,
            root
                ? "root, which makes containers whose root is nobody on the host"
                : Privilege.explainRootless(),
            root ? "" : "sudo holdfast …"));
    Optional<String> namespaces = Privilege.userNamespaceProblem();
    findings.add(
        new Finding(
            "user namespaces",
            namespaces.isEmpty(),
            namespaces.orElse("available"),
            namespaces.isEmpty() ? "" : "sysctl -w user.max_user_namespaces=15000"));
  }

  /** Tries every candidate and returns the fastest that works. */
  private Optional<OciRuntime> runtimes(List<Finding> findings) {
    List<OciRuntime> candidates = candidates();
    for (String name : List.of("crun", "runc")) {
      if (candidates.stream().noneMatch(c -> c.binary().endsWith(name))) {
        findings.add(new Finding(name, false, "not installed", "apt-get install -y " + name));
      }
    }
    var working = new ArrayList<Working>();
    for (OciRuntime candidate : candidates) {
      try {
        Duration start = time(candidate);
        working.add(new Working(candidate, start));
        String detail = "starts a container in %.1f ms".formatted(start.toNanos() / 1e6);
        findings.add(new Finding(candidate.name(), true, detail, ""));
      } catch (IOException | WorkbenchException e) {
        findings.add(new Finding(candidate.name(), false, String.valueOf(e.getMessage()), ""));
      }
    }
    return working.stream().min(Comparator.comparing(Working::start)).map(Working::runtime);
  }

  private List<OciRuntime> candidates() {
    var candidates = new ArrayList<OciRuntime>();
    for (String name : List.of("crun", "runc")) {
      Optional<Path> binary = find(name);
      if (binary.isEmpty()) {
        continue;
      }
      candidates.add(new OciRuntime(name, binary.get(), Optional.empty()));
      cgroups
          .hybridV2()
          .ifPresent(
              v2 ->
                  candidates.add(
                      new OciRuntime(
                          name + " with cgroup v2 hidden", binary.get(), Optional.of(v2))));
    }
    return candidates;
  }

  private static Optional<Path> find(String name) {
    return Stream.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The shortest of a few starts: the first one also pays for cold caches. */
  private Duration time(OciRuntime runtime) throws IOException {
    var container = new Container(layout, cgroups);
    Duration best = LIMIT;
    for (int round = 0; round < ROUNDS; round++) {
      Duration start = tryOnce(container, runtime);
      best = start.compareTo(best) < 0 ? start : best;
    }
    return best;
  }

  private Duration tryOnce(Container container, OciRuntime runtime) throws IOException {
    WorkbenchSpec spec = WorkbenchSpec.empty(Caps.DEFAULT);
    WorkbenchId id = spec.id();
    long begin = System.nanoTime();
    container.claim(id);
    try {
      Process process = container.launch(runtime, spec, SLEEP, false);
      container.awaitLaunched(process, id, LIMIT);
      Duration start = Duration.ofNanos(System.nanoTime() - begin);
      examineInside(container, id);
      return start;
    } finally {
      container.end(id);
    }
  }

  /** What was asked for must be what there is: a runtime that leaves a fence out does not count. */
  private void examineInside(Container container, WorkbenchId id) throws IOException {
    long pid = container.initPid(id);
    Map<String, String> status = status(pid);
    String ids = "%1$d\t%1$d\t%1$d\t%1$d".formatted(Ids.OWNER);
    require(status, "Uid", ids);
    require(status, "Gid", ids);
    for (String set : List.of("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")) {
      require(status, set, "0000000000000000");
    }
    require(status, "NoNewPrivs", "1");
    require(status, "Seccomp", "2");
    if (!Cgroups.isMember(pid, id)) {
      throw new WorkbenchException("it did not put the container into a control group");
    }
    if (!cgroups.isCapped(id, Caps.DEFAULT.memoryBytes(), Caps.DEFAULT.pids())) {
      throw new WorkbenchException("its limits on memory and processes are not in force");
    }
  }

  private static Map<String, String> status(long pid) throws IOException {
    var status = new HashMap<String, String>();
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      String[] parts = line.split(":\t", 2);
      if (parts.length == 2) {
        status.put(parts[0], parts[1].strip());
      }
    }
    return status;
  }

  private static void require(Map<String, String> status, String name, String expected) {
    if (!expected.equals(status.get(name))) {
      throw new WorkbenchException(
          "the container's `%s` is `%s` where `%s` was asked for"
              .formatted(name, status.get(name), expected));
    }
  }

  /** Everything that a choice depends on. */
  private String fingerprint(Container container) throws IOException {
    var text = new StringBuilder(Processes.bootId());
    text.append(' ').append(container.launcher().getFileName()).append(' ').append(cgroups.mode());
    for (OciRuntime candidate : candidates()) {
      text.append(' ').append(candidate.binary()).append('=');
      text.append(Files.getLastModifiedTime(candidate.binary()).toMillis());
    }
    return text.toString();
  }
}
