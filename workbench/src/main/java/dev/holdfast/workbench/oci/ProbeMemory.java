package dev.holdfast.workbench.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** What the last probe chose, for as long as what it depended on stays the same. */
record ProbeMemory(Path file, String fingerprint) {
  /** Three lines: what it depends on, the choice's name, and its filter, which may be empty. */
  Optional<OciRuntime> recall(List<OciRuntime> candidates) {
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() != 3 || !lines.getFirst().equals(fingerprint)) {
        return Optional.empty();
      }
      String filter = lines.getLast();
      return candidates.stream()
          .filter(c -> c.name().equals(lines.get(1)))
          .map(c -> filter.isEmpty() ? c : c.withFilter(filter))
          .findFirst();
    } catch (IOException none) {
      return Optional.empty();
    }
  }

  /** The name of the choice alone. */
  Optional<String> recall() {
    try {
      List<String> lines = Files.readAllLines(file);
      return lines.size() == 3 && lines.getFirst().equals(fingerprint)
          ? Optional.of(lines.get(1))
          : Optional.empty();
    } catch (IOException none) {
      return Optional.empty();
    }
  }

  void remember(OciRuntime chosen) throws IOException {
    remember(chosen.name(), chosen.filter().orElse(""));
  }

  void remember(String name) throws IOException {
    remember(name, "");
  }

  private void remember(String name, String filter) throws IOException {
    Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), ".probe", "");
    Files.writeString(draft, String.join("\n", fingerprint, name, filter, ""));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
