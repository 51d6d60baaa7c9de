package dev.holdfast.workbench.docker;

import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.WorkbenchException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Which daemon makes the containers.
 *
 * @param socket its Unix socket; whoever may connect to it is root on that machine
 * @param runtime the OCI runtime that it shall use, by the name it knows; empty: its own choice
 */
public record Endpoint(Path socket, String runtime) {
  private static final String UNIX = "unix://";

  /**
   * The Docker daemon that the environment says: {@code DOCKER_HOST} and {@code
   * HOLDFAST_DOCKER_RUNTIME}; otherwise where packages put the socket.
   *
   * @throws WorkbenchException when the address is not one of a Unix socket
   */
  public static Endpoint of(Layer layer, Map<String, String> env) {
    return switch (layer) {
      case DOCKER ->
          new Endpoint(
              socket(env, "DOCKER_HOST", "/var/run/docker.sock"),
              env.getOrDefault("HOLDFAST_DOCKER_RUNTIME", ""));
      case KATA ->
          new Endpoint(
              socket(env, "DOCKER_HOST", "/var/run/docker.sock"),
              env.getOrDefault("HOLDFAST_KATA_RUNTIME", "kata"));
      case PODMAN, CONTAINER, GVISOR, MICROVM, WASM ->
          throw new IllegalArgumentException("layer `%s` has no daemon of Docker".formatted(layer));
    };
  }

  private static Path socket(Map<String, String> env, String variable, String usual) {
    return named(env, variable).orElse(Path.of(usual));
  }

  /** The socket that a variable names; empty when it is not set. */
  static Optional<Path> named(Map<String, String> env, String variable) {
    String address = env.getOrDefault(variable, "");
    if (address.isEmpty()) {
      return Optional.empty();
    }
    // Over a network the daemon's machine is another: no workspace of this one would be there.
    if (!address.startsWith(UNIX)) {
      throw new WorkbenchException(
          "`%s` is `%s`: only the Unix socket of a daemon on this machine is supported, as `unix:///path`"
              .formatted(variable, address));
    }
    return Optional.of(Path.of(address.substring(UNIX.length())));
  }

  /**
   * Whether containers get a kernel of their own, by the runtime's name: then the host's tables are
   * out of their reach, and the host's file systems look different from inside.
   */
  boolean ownKernel() {
    return runtime.contains("runsc") || runtime.contains("kata");
  }
}
