package dev.holdfast.workbench.microvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.WorkbenchException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stand-in is worth what it refuses: what Firecracker's description does not allow. */
@Timeout(60)
class FirecrackerStandInTest {
  private static final Map<String, Object> SIZE = Map.of("vcpu_count", 1, "mem_size_mib", 128);

  @TempDir Path directory;
  private Process program;
  private FirecrackerApi api;

  @BeforeEach
  void start() throws Exception {
    for (String name : FirecrackerStandIn.PROGRAMS) {
      Files.write(directory.resolve(name), FirecrackerStandIn.resource(name));
    }
    Path socket = directory.resolve("socket");
    program =
        new ProcessBuilder("python3", directory.toString(), "--api-sock", socket.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    api = new FirecrackerApi(connected(socket), Duration.ofSeconds(10));
  }

  private static SocketChannel connected(Path socket) throws Exception {
    for (int i = 0; i < 1000; i++) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
      } catch (SocketException notYet) {
        channel.close();
        Thread.sleep(20);
      }
    }
    throw new IllegalStateException("nobody listens at " + socket);
  }

  @AfterEach
  void end() throws Exception {
    api.close();
    program.destroyForcibly().waitFor();
  }

  private void isRefused(String path, Map<String, ?> body, String why) {
    assertThatThrownBy(() -> api.put(path, body))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("(status 400)")
        .hasMessageContaining(why);
  }

  private static Map<String, Object> with(String name, Object value) {
    var changed = new HashMap<>(SIZE);
    changed.put(name, value);
    return changed;
  }

  @Test
  void whatIsAllowedIsDone() throws Exception {
    api.put("/machine-config", SIZE);
    api.put("/boot-source", Map.of("kernel_image_path", "/kernel", "boot_args", "quiet"));
    api.put("/vsock", Map.of("guest_cid", 3, "uds_path", "/tmp/vsock"));

    assertThat(api.get("/version").path("firecracker_version").asString("")).startsWith("1.");
    assertThat(api.get("/machine-config").path("mem_size_mib").asInt()).isEqualTo(128);
  }

  @Test
  void fieldsAreThoseOfTheDescription() {
    isRefused("/disks", SIZE, "not known");
    isRefused("/machine-config", Map.of("vcpu_count", 1), "`mem_size_mib` is missing");
    isRefused("/machine-config", with("ht_enabled", false), "`ht_enabled` is not known");
    isRefused("/machine-config", with("vcpu_count", "1"), "not a whole number");
    isRefused("/machine-config", with("vcpu_count", 33), "1 to 32 are allowed");
    isRefused("/machine-config", with("smt", "no"), "not true or false");
    isRefused("/vsock", Map.of("guest_cid", 2, "uds_path", "/v"), "`guest_cid` is 2");
    isRefused("/actions", Map.of("action_type", "Start"), "is allowed");
  }

  @Test
  void everyStepHasItsTime() throws Exception {
    isRefused("/actions", Map.of("action_type", "InstanceStart"), "no kernel to boot");
    assertThatThrownBy(() -> api.patch("/vm", Map.of("state", "Paused")))
        .hasMessageContaining("not allowed when the machine is `Not started`");
    var files = Map.of("snapshot_path", "/s", "mem_file_path", "/m");
    isRefused("/snapshot/create", files, "not allowed when the machine is `Not started`");
    isRefused("/snapshot/load", Map.of("snapshot_path", "/s"), "exactly one of the two");
    var file = Map.of("backend_type", "File", "backend_path", "/m");
    isRefused(
        "/snapshot/load",
        Map.of("snapshot_path", "/s", "mem_file_path", "/m", "mem_backend", file),
        "exactly one of the two");
    api.put("/machine-config", SIZE);
    isRefused(
        "/snapshot/load",
        Map.of("snapshot_path", "/s", "mem_backend", file),
        "something was configured before");
  }

  @Test
  void aRequestIsNoLargerThanFirecrackerTakes() {
    String words = "x".repeat(60_000);
    assertThatThrownBy(
            () -> api.put("/boot-source", Map.of("kernel_image_path", "/k", "boot_args", words)))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("a length of");
  }
}
