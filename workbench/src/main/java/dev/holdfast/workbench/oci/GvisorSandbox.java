package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is done to a live sandbox of gVisor's: at its control socket, and by {@code runsc} where the
 * build has none that is known here.
 */
record GvisorSandbox(Layout layout, Container container, Starter runtime, WorkbenchId id) {
  private static final JsonMapper JSON = JsonMapper.shared();

  private static final String MANAGER = "containerManager.";
  private static final Duration READY_LIMIT = Duration.ofSeconds(10);
  private static final int SIGTERM = 15;

  /** {@code CLAIM_WAITS} of {@code guest/src/claim.h}. */
  private static final String WAITS = "waits";

  /** {@code CAP_SYS_ADMIN}, as a bit: to mount and to name. */
  private static final long ADMIN = 1L << 21;

  /** Where gVisor's file server keeps the workbench's root in its own mount namespace. */
  private static final String SERVED = "/root";

  /** Holds every process still, or lets them go on. Only a sandbox that runs can be saved. */
  void hold(boolean still) throws IOException {
    String method = MANAGER + (still ? "Pause" : "Resume");
    if (control().call(method, JSON.nullNode()).isEmpty()) {
      container.order(
          runtime, id, List.of(still ? "pause" : "resume", id.value()), Optional.empty());
    }
  }

  /**
   * Gives a workbench that goes on names of its own, as only somebody with rights over its kernel
   * can.
   */
  void renew() throws IOException {
    List<String> argv = List.of(RootTree.GUEST, "--renew", id.value());
    Optional<JsonNode> started = start(argv);
    if (started.isPresent()) {
      awaitEnd("--renew", started.get().asInt(-1));
    } else {
      runscExec(argv);
    }
  }

  /**
   * Starts what will mount the workspace inside, and waits until it waits.
   *
   * @return its number inside; empty when this build cannot be told to
   */
  OptionalInt expectWorkspace() throws IOException {
    Optional<JsonNode> started = start(List.of(RootTree.GUEST, "--claim"));
    if (started.isEmpty()) {
      return OptionalInt.empty();
    }
    int number = started.get().asInt(-1);
    for (long deadline = System.nanoTime() + READY_LIMIT.toNanos(); !waits(number); ) {
      if (System.nanoTime() > deadline || Thread.interrupted()) {
        throw new IOException("what mounts the workspace was not ready within " + READY_LIMIT);
      }
      LockSupport.parkNanos(1_000_000);
    }
    return OptionalInt.of(number);
  }

  private boolean waits(int number) throws IOException {
    for (JsonNode process : told("Processes", JSON.valueToTree(id.value()))) {
      if (process.path("pid").asInt(-1) == number) {
        return process.path("cmd").asString("").equals(WAITS);
      }
    }
    throw new IOException("what mounts the workspace has ended");
  }

  /**
   * Gives one that was started without it its workspace. The file server sees it in its mount
   * namespace first, at the entry that nobody has looked at; then the kernel inside mounts that
   * entry where programs look for it.
   *
   * @param number what {@link #expectWorkspace} started
   * @param server what {@link #fileServer} found
   */
  void claim(Path workspace, int number, long server) throws IOException {
    String entry = SERVED + RootTree.HELD + "/" + RootTree.ENTRY;
    Attachment.attach(workspace, server, entry, () -> isOfThisWorkbench(server));
    ObjectNode word = process(number).put("Signo", SIGTERM).put("Mode", 0);
    var _ = told("Signal", word);
    awaitEnd("--claim", number);
  }

  /** Whoever has the number now: only the workbench's own processes are in its control group. */
  private boolean isOfThisWorkbench(long pid) {
    try {
      String groups = Files.readString(Path.of("/proc/" + pid + "/cgroup"));
      return groups.lines().anyMatch(line -> line.endsWith("/" + Cgroups.nameOf(id)));
    } catch (IOException ended) {
      return false;
    }
  }

  /** The host's number of the process that opens files for the sandbox. */
  long fileServer() throws IOException {
    Path state = layout.runtime(id).resolve("%s_sandbox:%s.state".formatted(id, id));
    try {
      return JSON.readTree(Files.readAllBytes(state)).path("goferPid").asLong(-1);
    } catch (JacksonException e) {
      throw new IOException("`%s` cannot be read: %s".formatted(state, e.getMessage()), e);
    }
  }

  /**
   * Starts the guest's program, which nobody inside can change, beside the guest: as a user that
   * nobody inside is, with the one right that it needs.
   *
   * @return its number inside; empty when this build cannot be told to
   */
  private Optional<JsonNode> start(List<String> argv) throws IOException {
    return control().call(MANAGER + "ExecuteAsync", program(argv));
  }

  private void awaitEnd(String what, int number) throws IOException {
    int status = told("WaitPID", process(number)).asInt(-1);
    if (status != 0) {
      throw new IOException("`%s` ended with status %d inside".formatted(what, status));
    }
  }

  private JsonNode told(String method, JsonNode argument) throws IOException {
    return control()
        .call(MANAGER + method, argument)
        .orElseThrow(() -> new IOException("this build of runsc knows no `%s`".formatted(method)));
  }

  private JsonNode program(List<String> argv) {
    ObjectNode program = JSON.createObjectNode();
    BundleConfig.strings(program.putArray("argv"), argv);
    program.putArray("envv");
    program.put("working_directory", "/").put("KUID", 0).put("KGID", 0);
    ObjectNode rights = program.putObject("Capabilities");
    for (String set : List.of("PermittedCaps", "EffectiveCaps", "BoundingCaps")) {
      rights.put(set, ADMIN);
    }
    rights.put("InheritableCaps", 0).put("AmbientCaps", 0);
    return program.put("ContainerID", id.value());
  }

  private ObjectNode process(int number) {
    return JSON.createObjectNode().put("PID", number).put("CID", id.value());
  }

  private void runscExec(List<String> argv) throws IOException {
    var words = new ArrayList<>(List.of("exec", "--user", "0:0", "--cap", "CAP_SYS_ADMIN"));
    words.add(id.value());
    words.addAll(argv);
    container.order(runtime, id, words, Optional.empty());
  }

  private GvisorControl control() {
    return new GvisorControl(layout, id);
  }
}
