package dev.holdfast.image.archive;

import dev.holdfast.digest.Sha256;
import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.format.Descriptor;
import dev.holdfast.image.format.Document;
import dev.holdfast.image.format.Documents;
import dev.holdfast.image.format.MediaType;
import dev.holdfast.image.format.SavedImage;
import dev.holdfast.image.store.ImageSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An image in local files: an OCI layout, as a directory or a tar file, or what {@code docker save}
 * writes, in its old form and its new one. Nothing in it is believed that its digests do not show.
 */
public final class LocalArchive implements ImageSource, AutoCloseable {
  private static final String SAVED = "manifest.json";

  private final Parts parts;
  private final Map<Digest, String> names = new HashMap<>();
  private final Raw top;

  private LocalArchive(Parts parts) throws IOException {
    this.parts = parts;
    this.top = parts.open("index.json").isPresent() ? ofLayout() : ofSaved();
  }

  /**
   * Opens an archive.
   *
   * @param scratch a directory for what has to be decompressed first
   * @throws ImageException when it is none
   */
  public static LocalArchive open(Path archive, Path scratch) throws IOException {
    Parts parts =
        Files.isDirectory(archive) ? new DirectoryParts(archive) : TarParts.open(archive, scratch);
    try {
      return new LocalArchive(parts);
    } catch (IOException | RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  private Raw ofLayout() throws IOException {
    byte[] json = read("index.json", Documents.MAX_BYTES);
    if (Documents.read(json, Optional.empty()) instanceof Document.Index index
        && index.manifests().size() == 1) {
      return document(index.manifests().getFirst().digest());
    }
    return new Raw(json, Optional.empty());
  }

  private Raw ofSaved() throws IOException {
    SavedImage saved = SavedImage.read(read(SAVED, Documents.MAX_BYTES));
    Descriptor config = describe(saved.config(), MediaType.OCI_CONFIG);
    var layers = new java.util.ArrayList<Descriptor>();
    for (String name : saved.layers()) {
      layers.add(describe(name, MediaType.OCI_LAYER));
    }
    return new Raw(Documents.write(config, layers), Optional.empty());
  }

  private Descriptor describe(String name, String mediaType) throws IOException {
    var hash = Sha256.start();
    long size = 0;
    try (InputStream in = stream(name)) {
      byte[] buffer = new byte[64 << 10];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        hash.update(buffer, 0, read);
        size += read;
      }
    }
    Digest digest = Digest.of(hash);
    names.put(digest, name);
    return Descriptor.of(mediaType, digest, size);
  }

  private byte[] read(String name, int most) throws IOException {
    try (InputStream in = stream(name)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new ImageException(
            "`%s` of the archive is not allowed: it has more than %d bytes".formatted(name, most));
      }
      return bytes;
    }
  }

  private InputStream stream(String name) throws IOException {
    return parts
        .open(name)
        .orElseThrow(
            () ->
                new ImageException(
                    "the archive has no `%s`: an OCI layout or what `docker save` writes is needed"
                        .formatted(name)));
  }

  @Override
  public Raw top() {
    return top;
  }

  @Override
  public Raw document(Digest digest) {
    try {
      return new Raw(read(name(digest), Documents.MAX_BYTES), Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String name(Digest digest) {
    return names.getOrDefault(digest, "blobs/sha256/" + digest.hex());
  }

  @Override
  public Content open(Descriptor content, long offset) throws IOException {
    InputStream in = stream(name(content.digest()));
    in.skipNBytes(offset);
    return new Content(in, offset);
  }

  @Override
  public void close() throws IOException {
    parts.close();
  }
}
