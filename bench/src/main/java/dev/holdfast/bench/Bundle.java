package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An OCI runtime's own default container over the host's {@code /usr}, running {@code true}. */
final class Bundle {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path runtime;
  private final Path directory;
  private int number;

  private Bundle(Path runtime, Path directory) {
    this.runtime = runtime;
    this.directory = directory;
  }

  static Bundle make(Path directory, Path runtime) throws IOException, InterruptedException {
    var root = Files.createDirectories(directory.resolve("rootfs"));
    for (var name : new String[] {"bin", "sbin", "lib", "lib64"}) {
      Files.createSymbolicLink(root.resolve(name), Path.of("usr", name));
    }
    for (var name : new String[] {"usr", "proc", "dev", "sys", "tmp"}) {
      Files.createDirectories(root.resolve(name));
    }
    Programs.run(runtime.toString(), "spec", "--bundle", directory.toString());
    var file = directory.resolve("config.json");
    var config = (ObjectNode) JSON.readTree(Files.readAllBytes(file));
    var process = (ObjectNode) config.get("process");
    process.put("terminal", false);
    process.putArray("args").add("/usr/bin/true");
    var mount = ((tools.jackson.databind.node.ArrayNode) config.get("mounts")).addObject();
    mount.put("destination", "/usr").put("type", "bind").put("source", "/usr");
    mount.putArray("options").add("rbind").add("ro");
    Files.write(file, JSON.writeValueAsBytes(config));
    return new Bundle(runtime, directory);
  }

  void run() throws IOException, InterruptedException {
    var id = "holdfast-bench-%d-%d".formatted(ProcessHandle.current().pid(), number++);
    Programs.run(
        runtime.toString(),
        "--root",
        directory.resolve("state").toString(),
        "run",
        "--bundle",
        directory.toString(),
        id);
  }
}
