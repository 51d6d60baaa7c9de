package dev.holdfast.workbench;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a workbench is isolated from the host and from other workbenches. */
public enum Layer {
  /** A hardened container on the host's kernel, through an OCI runtime. */
  CONTAINER("container", Boundary.SHARED_KERNEL),
  /** A container whose kernel is gVisor's, in user space. */
  GVISOR("gvisor", Boundary.KERNEL_IN_USER_SPACE),
  /** A virtual machine with a kernel of its own. */
  MICROVM("microvm", Boundary.OWN_KERNEL),
  /** A hardened container of a Docker daemon. */
  DOCKER("docker", Boundary.SHARED_KERNEL),
  /** A hardened container of Podman. */
  PODMAN("podman", Boundary.SHARED_KERNEL),
  /** A virtual machine that an OCI runtime makes. */
  KATA("kata", Boundary.OWN_KERNEL),
  /** A WebAssembly module in this process, for pure functions. */
  WASM("wasm", null);

  private final String typed;
  private final @Nullable Boundary boundary;

  Layer(String typed, @Nullable Boundary boundary) {
    this.typed = typed;
    this.boundary = boundary;
  }

  /** What stands between programs and the host; empty for a layer that runs no programs. */
  public Optional<Boundary> boundary() {
    return Optional.ofNullable(boundary);
  }

  /** Its name on the command line, in policies and in logs. */
  @JsonValue
  public String typed() {
    return typed;
  }

  /**
   * The layer of that name.
   *
   * @throws IllegalArgumentException when there is none
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Layer named(String name) {
    return Arrays.stream(values())
        .filter(layer -> layer.typed.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "layer `%s` is not known: %s are"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(Layer::typed)
                                .collect(Collectors.joining(", ")))));
  }

  @Override
  public String toString() {
    return typed;
  }
}
