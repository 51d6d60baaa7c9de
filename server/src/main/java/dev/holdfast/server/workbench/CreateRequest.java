package dev.holdfast.server.workbench;

import dev.holdfast.run.Ids;
import java.util.Optional;

/**
 * What a workbench that outlives a command shall be.
 *
 * @param name what it is called beside its id
 * @param layer asked for; otherwise the workload says
 * @param workload what is isolated; otherwise {@code local}
 * @param image an image of this machine, by its reference or digest; otherwise the machine's own
 *     {@code /usr}
 * @param repository what the workspace is made of: a path or a URL; otherwise it is empty
 * @param memoryBytes the memory cap
 * @param memoryCheckpoints checkpoints shall hold memory even where that makes files slower
 */
public record CreateRequest(
    Optional<String> name,
    Optional<String> layer,
    Optional<String> workload,
    Optional<String> image,
    Optional<String> repository,
    Optional<Long> memoryBytes,
    boolean memoryCheckpoints) {
  /** Names start with no {@code w-}, so that they are never taken for ids. */
  private static final String NAME = "(?!w-)[a-z0-9][a-z0-9-]{0,31}";

  private static final long LEAST_MEMORY = 16L << 20;

  public CreateRequest {
    name.ifPresent(it -> Ids.require("workbench name", it, NAME));
    if (memoryBytes.isPresent() && memoryBytes.get() < LEAST_MEMORY) {
      throw new IllegalArgumentException(
          "memory of `%d` bytes is not allowed: it is at least %d"
              .formatted(memoryBytes.get(), LEAST_MEMORY));
    }
  }
}
