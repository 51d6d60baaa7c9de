package dev.holdfast.image.build;

import dev.holdfast.digest.Sha256;
import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.unpack.Account;
import dev.holdfast.image.unpack.FileTree;
import dev.holdfast.image.unpack.FileTree.Kind;
import java.io.IOException;
import java.security.DigestInputStream;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** What a {@code COPY} puts into an image, as a layer. */
final class CopyLayer {
  private static final int DIRECTORY = 0755;

  private final FileTree from;
  private final FileTree into;
  private final Account owner;
  private final OptionalInt mode;

  /** What goes where; empty for a directory that must be made. By path: parents come first. */
  private final TreeMap<String, Optional<Sources.Item>> entries = new TreeMap<>();

  CopyLayer(FileTree from, FileTree into, Account owner, OptionalInt mode) {
    this.from = from;
    this.into = into;
    this.owner = owner;
    this.mode = mode;
  }

  /**
   * Lays out what was found.
   *
   * @param destination in the image, without a leading slash
   * @param directory whether it is meant to be one whatever is there
   */
  void place(Sources.Found found, String destination, boolean directory) throws IOException {
    String base = into.resolve(destination);
    boolean isThere = into.find(base).filter(entry -> entry.kind() == Kind.DIRECTORY).isPresent();
    boolean inside = directory || isThere || found.directory() || found.sources() > 1;
    if (inside) {
      directory(base);
    }
    for (Sources.Item item : found.items()) {
      String target = inside ? FileTree.below(base, item.target()) : base;
      if (target.isEmpty()) {
        throw new ImageException("a file cannot take the place of the image's root");
      }
      directory(parent(target));
      entries.put(target, Optional.of(item));
    }
  }

  /** Makes the directory, and those above it, unless they are there. */
  private void directory(String path) throws IOException {
    if (path.isEmpty() || entries.containsKey(path)) {
      return;
    }
    directory(parent(path));
    if (into.find(path).filter(entry -> entry.kind() == Kind.DIRECTORY).isEmpty()) {
      entries.put(path, Optional.empty());
    }
  }

  private static String parent(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  void write(LayerTar tar) throws IOException {
    for (var entry : entries.entrySet()) {
      if (entry.getValue().isEmpty()) {
        tar.directory(new LayerTar.Header(entry.getKey(), DIRECTORY, owner.uid(), owner.gid(), 0));
      } else {
        write(entry.getKey(), entry.getValue().get(), tar);
      }
    }
    tar.end();
  }

  private void write(String target, Sources.Item item, LayerTar tar) throws IOException {
    FileTree.Entry source = item.source();
    var header =
        new LayerTar.Header(
            target, mode.orElse(source.mode()), owner.uid(), owner.gid(), source.modified());
    switch (source.kind()) {
      case DIRECTORY -> tar.directory(header);
      case SYMLINK -> tar.symlink(header, item.content());
      case FILE -> file(header, item, tar);
      case WHITEOUT, OTHER -> throw new AssertionError("refused when it was found");
    }
  }

  /** The content must be what the step's key says: a layer is found again by it. */
  private void file(LayerTar.Header header, Sources.Item item, LayerTar tar) throws IOException {
    try (var content = new DigestInputStream(from.read(item.source()), Sha256.start())) {
      tar.file(header, item.source().size(), content);
      if (!Digest.of(content.getMessageDigest()).toString().equals(item.content())) {
        throw new ImageException(
            "`%s` has changed meanwhile".formatted(FileTree.readable(item.source().path())));
      }
    }
  }
}
