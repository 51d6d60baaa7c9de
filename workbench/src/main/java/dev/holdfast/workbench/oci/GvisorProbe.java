package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds out whether {@code runsc} works on this host and how, by making a workbench with each
 * platform and working in it. The kvm platform is not among them: where the device exists but
 * cannot run guests, it hangs instead of failing.
 */
public final class GvisorProbe {
  /** Best first: systrap is the faster one, and 2022's builds do not have it. */
  private static final List<String> PLATFORMS = List.of("systrap", "ptrace");

  private static final Duration LIMIT = Duration.ofSeconds(15);
  private static final String INSTALL =
      "apt-get install -y -t bookworm-backports runsc, with bookworm-backports among the sources;"
          + " from Debian 13 on: apt-get install -y runsc";

  /**
   * Works when the kernel is gVisor's, the user is the agent, and programs of this host find what
   * they need of it: builds of 2022 refuse `ls` a file that is named.
   */
  private static final String TRIAL =
      "test -e /proc/sentry-meminfo || { echo 'the kernel is not gVisor'; exit 1; };"
          + " test \"$(id -u)\" = 1000 || { echo 'the user is not the agent'; exit 1; };"
          + " cd /workspace && echo x > f && ls -l f /usr/bin/env >/dev/null";

  private final Layout layout;
  private final Container container;
  private final Optional<Path> binary;

  private GvisorProbe(Layout layout, Container container) {
    this.layout = layout;
    this.container = container;
    this.binary =
        Stream.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin")
            .map(directory -> Path.of(directory, "runsc"))
            .filter(Files::isExecutable)
            .findFirst();
  }

  /**
   * What was found.
   *
   * @param chosen what the layer would use; empty when it does not work here
   * @param detail what was tried and what came of it
   * @param remedy what a person can do; empty when it works
   */
  public record Report(Optional<String> chosen, String detail, String remedy) {}

  /** Looks at everything anew and says what was found. */
  public static Report examine(Path home) {
    try {
      Privilege.require();
      Layout layout = Layout.in(home);
      var probe = new GvisorProbe(layout, new Container(layout, Cgroups.ofHost()));
      var problems = new ArrayList<String>();
      return probe
          .find(problems)
          .map(found -> new Report(Optional.of(found.name()), found.name(), ""))
          .orElseGet(() -> new Report(Optional.empty(), String.join("; ", problems), INSTALL));
    } catch (IOException | WorkbenchException e) {
      return new Report(Optional.empty(), String.valueOf(e.getMessage()), "");
    }
  }

  /**
   * The first way that works. Remembered on disk until the host boots anew or the program changes.
   *
   * @throws WorkbenchException when none works, with what to do
   */
  static GvisorRuntime choose(Layout layout, Container container) throws IOException {
    var probe = new GvisorProbe(layout, container);
    var memory = new ProbeMemory(layout.rootfs().resolve("probe-gvisor"), probe.fingerprint());
    Optional<GvisorRuntime> remembered =
        memory
            .recall()
            .flatMap(
                name -> probe.candidates().stream().filter(c -> c.name().equals(name)).findFirst());
    if (remembered.isPresent()) {
      return remembered.get();
    }
    var problems = new ArrayList<String>();
    GvisorRuntime chosen =
        probe
            .find(problems)
            .orElseThrow(
                () ->
                    new WorkbenchException(
                        "gVisor does not work on this host: %s. install it: %s"
                            .formatted(String.join("; ", problems), INSTALL)));
    memory.remember(chosen.name());
    return chosen;
  }

  private Optional<GvisorRuntime> find(List<String> problems) {
    if (binary.isEmpty()) {
      problems.add("`runsc` is not installed");
    }
    for (GvisorRuntime candidate : candidates()) {
      Optional<String> problem = attempt(candidate);
      if (problem.isEmpty()) {
        return Optional.of(candidate);
      }
      problems.add("%s: %s".formatted(candidate.name(), problem.get()));
    }
    return Optional.empty();
  }

  private List<GvisorRuntime> candidates() {
    Starter.Groups groups =
        LaunchedGroups.on(container.cgroups()).isPresent()
            ? Starter.Groups.THE_LAUNCHER
            : Starter.Groups.THE_RUNTIME;
    return binary.stream()
        .flatMap(file -> PLATFORMS.stream().map(p -> new GvisorRuntime(p, file, groups)))
        .toList();
  }

  /** Why it does not work; empty when it does. Leaves nothing behind, however it ends. */
  private Optional<String> attempt(GvisorRuntime candidate) {
    var spec = WorkbenchSpec.empty(Caps.DEFAULT);
    try (var engine = new OciEngine(layout, container, candidate, Layer.GVISOR);
        var workbench = engine.create(spec)) {
      if (!container
          .cgroups()
          .isCapped(spec.id(), Caps.DEFAULT.memoryBytes(), candidate.onHost(Caps.DEFAULT).pids())) {
        return Optional.of("its limits on memory and processes are not in force");
      }
      var result = workbench.exec(ExecSpec.of("/bin/sh", "-c", TRIAL).withWallTime(LIMIT));
      return result.succeeded()
          ? Optional.empty()
          : Optional.of(complaint(result.end(), result.stdoutText() + result.stderrText()));
    } catch (WorkbenchException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static String complaint(End end, String output) {
    String words = output.strip().lines().findFirst().orElse("");
    return words.isEmpty() ? "a program inside ended with " + end : words;
  }

  private String fingerprint() throws IOException {
    var text = new StringBuilder(Processes.bootId());
    text.append(' ').append(container.launcher().getFileName());
    text.append(' ').append(container.cgroups().mode());
    for (GvisorRuntime candidate : candidates()) {
      text.append(' ').append(candidate.name()).append('=');
      text.append(Files.getLastModifiedTime(candidate.binary()).toMillis());
    }
    return text.toString();
  }
}
