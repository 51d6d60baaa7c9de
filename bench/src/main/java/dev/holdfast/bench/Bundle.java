package dev.holdfast.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An OCI runtime's own default container over the host's {@code /usr}. */
final class Bundle {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String TRUE = "/usr/bin/true";

  private final Shell shell;
  private final Path runtime;
  private final List<String> options;
  private final Path directory;
  private int number;

  private Bundle(Shell shell, Path runtime, List<String> options, Path directory) {
    this.shell = shell;
    this.runtime = runtime;
    this.options = options;
    this.directory = directory;
  }

  /** Runs {@code argv} as the first process of each container. */
  static Bundle make(Shell shell, Path directory, Path runtime, String... argv)
      throws IOException, InterruptedException {
    return make(shell, directory, runtime, List.of(), argv);
  }

  /** The same with a runtime that is given {@code options} first. */
  static Bundle make(
      Shell shell, Path directory, Path runtime, List<String> options, String... argv)
      throws IOException, InterruptedException {
    var root = Files.createDirectories(directory.resolve("rootfs"));
    for (var name : new String[] {"bin", "sbin", "lib", "lib64"}) {
      Files.createSymbolicLink(root.resolve(name), Path.of("usr", name));
    }
    for (var name : new String[] {"usr", "proc", "dev", "sys", "tmp"}) {
      Files.createDirectories(root.resolve(name));
    }
    shell.run(runtime.toString(), "spec", "--bundle", directory.toString());
    var file = directory.resolve("config.json");
    var config = (ObjectNode) JSON.readTree(Files.readAllBytes(file));
    var process = (ObjectNode) config.get("process");
    process.put("terminal", false);
    var args = process.putArray("args");
    List.of(argv).forEach(args::add);
    var mount = ((ArrayNode) config.get("mounts")).addObject();
    mount.put("destination", "/usr").put("type", "bind").put("source", "/usr");
    mount.putArray("options").add("rbind").add("ro");
    Files.write(file, JSON.writeValueAsBytes(config));
    return new Bundle(shell, runtime, options, directory);
  }

  /** A container from nothing to the end of its program. */
  void run() throws IOException, InterruptedException {
    call("run", "--bundle", directory.toString(), next());
  }

  /** A container that stays; its name. */
  String start() throws IOException, InterruptedException {
    var id = next();
    call("run", "--detach", "--bundle", directory.toString(), id);
    return id;
  }

  void execTrue(String id) throws IOException, InterruptedException {
    call("exec", id, TRUE);
  }

  /** Saves a container to {@code image}, which must not exist, and lets it go on. */
  void checkpoint(String id, Path image) throws IOException, InterruptedException {
    call("checkpoint", "--leave-running", "--image-path", image.toString(), id);
  }

  /** A container that goes on from there; its name. */
  String restore(Path image) throws IOException, InterruptedException {
    var id = next();
    call(
        "restore",
        "--detach",
        "--bundle",
        directory.toString(),
        "--image-path",
        image.toString(),
        id);
    return id;
  }

  void delete(String id) throws IOException, InterruptedException {
    call("delete", "--force", id);
  }

  private String next() {
    return "holdfast-bench-%d-%d".formatted(ProcessHandle.current().pid(), number++);
  }

  private void call(String... words) throws IOException, InterruptedException {
    var argv = new ArrayList<String>();
    argv.add(runtime.toString());
    argv.addAll(options);
    argv.addAll(List.of("--root", directory.resolve("state").toString()));
    argv.addAll(List.of(words));
    shell.run(argv);
  }
}
