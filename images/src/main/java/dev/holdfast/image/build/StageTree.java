package dev.holdfast.image.build;

import dev.holdfast.image.Digest;
import dev.holdfast.image.format.Descriptor;
import dev.holdfast.image.store.ImageDraft;
import dev.holdfast.image.unpack.ImageUnpacker;
import dev.holdfast.image.unpack.UnpackLimits;
import dev.holdfast.workbench.AgentIds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A stage's layers laid out, as far as they are needed: nothing is in the tree but what they hold.
 */
final class StageTree implements AutoCloseable {
  private final Path directory;
  private final ImageDraft draft;
  private final ImageUnpacker unpacker;
  private int applied;

  StageTree(Path directory, ImageDraft draft) throws IOException {
    this.directory = own(Files.createDirectory(directory));
    this.draft = draft;
    this.unpacker = new ImageUnpacker(directory, UnpackLimits.DEFAULT);
  }

  /** Gives a directory to the image's root, as an image's top has it. */
  static Path own(Path directory) throws IOException {
    Files.setAttribute(directory, "unix:uid", AgentIds.FIRST);
    Files.setAttribute(directory, "unix:gid", AgentIds.FIRST);
    Files.setAttribute(directory, "unix:mode", 0755);
    return directory;
  }

  Path directory() {
    return directory;
  }

  ImageUnpacker unpacker() {
    return unpacker;
  }

  /** Applies the layers that are not there yet. */
  void upTo(List<Descriptor> layers, List<Digest> diffIds) throws IOException {
    for (; applied < layers.size(); applied++) {
      try (InputStream layer = draft.open(layers.get(applied))) {
        unpacker.apply(layer, diffIds.get(applied));
      }
    }
  }

  @Override
  public void close() {
    unpacker.close();
  }
}
