package dev.holdfast.image.store;

import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.format.Document;
import dev.holdfast.image.format.Documents;
import dev.holdfast.image.format.ImageConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Which names lead to which images. A file's time is when its image was last used. */
final class Names {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final StoreLayout layout;
  private final BlobStore blobs;

  Names(StoreLayout layout, BlobStore blobs) {
    this.layout = layout;
    this.blobs = blobs;
  }

  /**
   * One name.
   *
   * @param top what the name led to: the manifest, or the index that it was chosen from
   */
  record Entry(String name, Digest top, Digest manifest) {}

  void put(Entry entry) throws IOException {
    Path file = file(entry.name());
    Path draft = Files.createTempFile(layout.incoming(), "name-", ".part");
    Files.write(draft, JSON.writeValueAsBytes(entry));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private Path file(String name) {
    return layout.refs().resolve(Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex() + ".json");
  }

  void remove(String name) throws IOException {
    Files.deleteIfExists(file(name));
  }

  void touch(String name) throws IOException {
    Path file = file(name);
    if (Files.exists(file)) {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    }
  }

  Instant used(String name) throws IOException {
    return Files.getLastModifiedTime(file(name)).toInstant();
  }

  List<Entry> all() throws IOException {
    var entries = new ArrayList<Entry>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(layout.refs(), "*.json")) {
      for (Path file : files) {
        read(file).ifPresent(entries::add);
      }
    }
    entries.sort(Comparator.comparing(Entry::name));
    return entries;
  }

  private static Optional<Entry> read(Path file) throws IOException {
    try {
      return Optional.of(JSON.readValue(Files.readAllBytes(file), Entry.class));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (JacksonException | ImageException torn) {
      // After a power cut; the image is pulled again when it is wanted.
      Files.deleteIfExists(file);
      return Optional.empty();
    }
  }

  Optional<Entry> find(String name) throws IOException {
    Path file = file(name);
    return Files.exists(file) ? read(file) : Optional.empty();
  }

  StoredImage load(Entry entry) throws IOException {
    byte[] bytes = blobs.read(entry.manifest());
    if (!(Documents.read(bytes, Optional.empty()) instanceof Document.Manifest manifest)) {
      throw new ImageException("`%s` is no image".formatted(entry.name()));
    }
    ImageConfig config = ImageConfig.read(blobs.read(manifest.config().digest()));
    return new StoredImage(entry.name(), entry.manifest(), manifest, config, used(entry.name()));
  }

  /** Every content that a name leads to. */
  Set<Digest> reachable() throws IOException {
    var reachable = new HashSet<Digest>();
    for (Entry entry : all()) {
      reachable.add(entry.top());
      reachable.add(entry.manifest());
      try {
        StoredImage image = load(entry);
        reachable.add(image.manifest().config().digest());
        image.manifest().layers().forEach(layer -> reachable.add(layer.digest()));
      } catch (NoSuchFileException | ImageException damaged) {
        // Its name stays, and says so when it is used; what is left of it does not.
      }
    }
    return reachable;
  }
}
