package dev.holdfast.workbench.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** What the last probe chose, for as long as what it depended on stays the same. */
record ProbeMemory(Path file, String fingerprint) {
  Optional<OciRuntime> recall(List<OciRuntime> candidates) {
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.size() != 2 || !lines.getFirst().equals(fingerprint)) {
        return Optional.empty();
      }
      return candidates.stream().filter(c -> c.name().equals(lines.getLast())).findFirst();
    } catch (IOException none) {
      return Optional.empty();
    }
  }

  void remember(OciRuntime chosen) throws IOException {
    Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), ".probe", "");
    Files.writeString(draft, fingerprint + "\n" + chosen.name() + "\n");
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
