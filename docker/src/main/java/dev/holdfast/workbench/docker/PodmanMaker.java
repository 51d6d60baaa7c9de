package dev.holdfast.workbench.docker;

import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.oci.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Podman's own way, beside Docker's on the same socket. */
final class PodmanMaker implements Maker {
  private final Libpod podman;
  private final Path seccomp;
  private final MemoryMounts memory;

  PodmanMaker(Libpod podman, Path home) throws IOException {
    this.podman = podman;
    this.seccomp = seccompFile(home);
    this.memory = new MemoryMounts(home.resolve("podman").resolve("memory"));
  }

  private static Path seccompFile(Path home) throws IOException {
    Path file = home.resolve("rootfs").resolve("seccomp.json");
    Path draft = Files.createTempFile(file.getParent(), ".seccomp", "");
    Files.writeString(draft, Recipe.seccomp());
    return Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public Made make(Order order) throws IOException {
    var plan = new PodmanPlan(order);
    boolean made = false;
    try {
      var places = memory.make(order.spec().id(), Recipe.self(), plan.memory());
      var answer = create(plan.container(seccomp, places));
      made = true;
      return answer;
    } finally {
      if (!made) {
        memory.remove(order.spec().id().value());
      }
    }
  }

  private Made create(Map<String, Object> container) throws IOException {
    JsonNode answer = podman.create(container);
    List<String> warnings = new ArrayList<>();
    answer.path("Warnings").forEach(warning -> warnings.add(warning.asString("")));
    return new Made(answer.path("Id").asString(), warnings);
  }

  @Override
  public void clear(WorkbenchId id) throws IOException {
    memory.remove(id.value());
  }

  @Override
  public void reap() throws IOException {
    memory.reap();
  }
}
