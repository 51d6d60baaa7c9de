package dev.holdfast.image.store;

import dev.holdfast.image.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Where the store keeps what.
 *
 * @param home {@code images} in the state directory
 */
record StoreLayout(Path home) {
  /** Makes the directories; only their owner can enter them. */
  static StoreLayout in(Path stateDirectory) throws IOException {
    var layout = new StoreLayout(stateDirectory.toAbsolutePath().normalize().resolve("images"));
    for (String name : new String[] {"blobs", "incoming", "refs", "steps", "trees", "uses"}) {
      Files.createDirectories(
          layout.home.resolve(name),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return layout;
  }

  Path blobs() {
    return home.resolve("blobs");
  }

  Path blob(Digest digest) {
    return blobs().resolve(digest.hex());
  }

  Path incoming() {
    return home.resolve("incoming");
  }

  Path incoming(Digest digest) {
    return incoming().resolve(digest.hex() + ".part");
  }

  Path lock(Digest digest) {
    return incoming().resolve(digest.hex() + ".lock");
  }

  Path refs() {
    return home.resolve("refs");
  }

  /** What a step of a build came to, by what it depends on. */
  Path step(Digest step) {
    return steps().resolve(step.hex() + ".json");
  }

  Path steps() {
    return home.resolve("steps");
  }

  Path trees() {
    return home.resolve("trees");
  }

  Path tree(Digest image) {
    return trees().resolve(image.hex());
  }

  Path uses() {
    return home.resolve("uses");
  }

  /** Held while references or blobs are added to or taken from what is reachable. */
  Path storeLock() {
    return home.resolve("lock");
  }
}
