package dev.holdfast.workbench;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How a workbench is isolated from the host and from other workbenches. */
public enum Layer {
  /** A hardened container on the host's kernel, through an OCI runtime. */
  CONTAINER("container"),
  /** A container whose kernel is gVisor's, in user space. */
  GVISOR("gvisor"),
  /** A virtual machine with a kernel of its own. */
  MICROVM("microvm"),
  /** A hardened container of a Docker daemon. */
  DOCKER("docker"),
  /** A hardened container of Podman. */
  PODMAN("podman"),
  /** A virtual machine that an OCI runtime makes. */
  KATA("kata"),
  /** A WebAssembly module in this process, for pure functions. */
  WASM("wasm");

  private final String typed;

  Layer(String typed) {
    this.typed = typed;
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
