package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A container that was started to see what comes of it.
 *
 * @param start how long the start took
 * @param filter the seccomp filter that the runtime compiled, in base64, where it can be found
 */
record Trial(Duration start, Optional<String> filter) {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final List<String> SLEEP = List.of("/usr/bin/sleep", "60");

  /** Where crun leaves the filter of a container, below what it keeps of it. */
  private static final String FILTER = "seccomp.bpf";

  /**
   * Starts a container, looks at it from outside and ends it.
   *
   * @throws WorkbenchException when it does not start, or lacks a fence that was asked for
   */
  static Trial of(Layout layout, Container container, OciRuntime runtime) throws IOException {
    WorkbenchSpec spec = WorkbenchSpec.empty(Caps.DEFAULT);
    WorkbenchId id = spec.id();
    long begin = System.nanoTime();
    container.claim(id);
    try {
      Launch launch = container.launch(runtime, spec, SLEEP, false);
      container.awaitLaunched(launch, id, LIMIT);
      Duration start = Duration.ofNanos(System.nanoTime() - begin);
      examine(container, id);
      return new Trial(start, filter(layout.runtime(id).resolve(FILTER)));
    } finally {
      container.end(id);
    }
  }

  private static Optional<String> filter(Path file) throws IOException {
    try {
      return Optional.of(Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
    } catch (NoSuchFileException keptElsewhere) {
      return Optional.empty();
    }
  }

  /** What was asked for must be what there is: a runtime that leaves a fence out does not count. */
  private static void examine(Container container, WorkbenchId id) throws IOException {
    long pid = container.initPid(id);
    awaitProgram(pid);
    Map<String, String> status = status(pid);
    String ids = "%1$d\t%1$d\t%1$d\t%1$d".formatted(AgentIds.OWNER);
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
    if (!container.cgroups().isCapped(id, Caps.DEFAULT.memoryBytes(), Caps.DEFAULT.pids())) {
      throw new WorkbenchException("its limits on memory and processes are not in force");
    }
    if (container.cgroups().opensEveryDevice(id)) {
      throw new WorkbenchException("every device of the host opens in it");
    }
  }

  /** A runtime exits when the last fences are still to be put up; then comes the program. */
  private static void awaitProgram(long pid) throws IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    String program = String.join("\0", SLEEP) + "\0";
    while (!Files.readString(Path.of("/proc/" + pid + "/cmdline")).equals(program)) {
      if (System.nanoTime() > deadline) {
        throw new WorkbenchException("its program did not start within %s".formatted(LIMIT));
      }
      LockSupport.parkNanos(200_000);
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
}
