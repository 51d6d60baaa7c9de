package dev.holdfast.workbench.docker;

import dev.holdfast.workbench.WorkbenchException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where this machine's Podman listens, if it does. */
final class PodmanSocket {
  private static final String ADDRESS = "CONTAINER_HOST";
  private static final Path OF_ROOT = Path.of("/run/podman/podman.sock");

  private PodmanSocket() {}

  /**
   * What {@code CONTAINER_HOST} says, or the first of the usual places where a socket is.
   *
   * @throws WorkbenchException when the address is not one of a Unix socket
   */
  static Optional<Path> find(Map<String, String> env) {
    Optional<Path> named = Endpoint.named(env, ADDRESS);
    return named.isPresent() ? named : usual(env).stream().filter(Files::exists).findFirst();
  }

  private static List<Path> usual(Map<String, String> env) {
    var usual = new ArrayList<>(List.of(OF_ROOT));
    String runtime = env.getOrDefault("XDG_RUNTIME_DIR", "");
    if (!runtime.isEmpty()) {
      usual.add(Path.of(runtime, "podman", "podman.sock"));
    }
    return usual;
  }

  /**
   * @throws WorkbenchException when the program is not there either
   */
  static void requireProgram(Map<String, String> env) {
    boolean installed =
        Arrays.stream(env.getOrDefault("PATH", "").split(":", -1))
            .filter(directory -> !directory.isEmpty())
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "podman")));
    if (!installed) {
      throw new WorkbenchException(
          "no Podman is here: neither a socket (`%s`, %s) nor the program `podman`: apt-get install podman"
              .formatted(
                  ADDRESS, String.join(", ", usual(env).stream().map(Path::toString).toList())));
    }
  }
}
