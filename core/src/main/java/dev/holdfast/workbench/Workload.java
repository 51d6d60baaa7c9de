package dev.holdfast.workbench;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What kind of work is to be isolated, which says how well it must be and what suits it best. */
public enum Workload {
  /** A developer's own agent on their own code. */
  LOCAL("local", Boundary.SHARED_KERNEL),
  /** A machine that one team or customer has for itself. */
  SHARED("shared", Boundary.SHARED_KERNEL),
  /** Runs of people who must not reach one another on one machine. */
  MULTI_TENANT("multi-tenant", Boundary.KERNEL_IN_USER_SPACE),
  /** Code from anywhere that nobody has read. */
  UNKNOWN_CODE("unknown-code", Boundary.KERNEL_IN_USER_SPACE),
  /** Many short pieces of work of which nothing is kept. */
  THROW_AWAY("throw-away", Boundary.SHARED_KERNEL);

  private final String typed;
  private final Boundary least;

  Workload(String typed, Boundary least) {
    this.typed = typed;
    this.least = least;
  }

  /** Its name on the command line, in configuration and in logs. */
  @JsonValue
  public String typed() {
    return typed;
  }

  /** The weakest boundary that it may have. */
  public Boundary least() {
    return least;
  }

  /** The layers that suit it, best first. */
  public List<Layer> suited() {
    return switch (this) {
      case LOCAL -> List.of(Layer.CONTAINER, Layer.PODMAN, Layer.DOCKER);
      case SHARED, THROW_AWAY -> List.of(Layer.CONTAINER, Layer.GVISOR);
      case MULTI_TENANT -> List.of(Layer.GVISOR, Layer.MICROVM, Layer.KATA);
      case UNKNOWN_CODE -> List.of(Layer.MICROVM, Layer.KATA, Layer.GVISOR);
    };
  }

  /**
   * The workload of that name.
   *
   * @throws IllegalArgumentException when there is none
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Workload named(String name) {
    return Arrays.stream(values())
        .filter(workload -> workload.typed.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "workload `%s` is not known: %s are"
                        .formatted(
                            name,
                            Arrays.stream(values())
                                .map(Workload::typed)
                                .collect(Collectors.joining(", ")))));
  }

  @Override
  public String toString() {
    return typed;
  }
}
