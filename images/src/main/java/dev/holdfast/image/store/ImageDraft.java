package dev.holdfast.image.store;

import dev.holdfast.digest.Sha256;
import dev.holdfast.image.Digest;
import dev.holdfast.image.format.Descriptor;
import dev.holdfast.image.format.Documents;
import dev.holdfast.image.format.MediaType;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An image that is being made in the store. Its parts are kept from the garbage until it is closed;
 * what has no name by then is garbage.
 */
public final class ImageDraft implements Closeable {
  private final StoreLayout layout;
  private final BlobStore blobs;
  private final Names names;
  private final List<Use> uses = new ArrayList<>();

  ImageDraft(StoreLayout layout, BlobStore blobs, Names names) {
    this.layout = layout;
    this.blobs = blobs;
    this.names = names;
  }

  /** Writes a content. */
  public interface Writer {
    void write(OutputStream out) throws IOException;
  }

  /** Keeps a layer, an uncompressed tar file: it unpacks to what it is. */
  public Descriptor add(Writer writer) throws IOException {
    Path part = Files.createTempFile(layout.incoming(), "layer-", ".part");
    try {
      MessageDigest hash = Sha256.start();
      try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE)) {
        var out = new DigestOutputStream(Channels.newOutputStream(file), hash);
        var buffered = new BufferedOutputStream(out, 64 << 10);
        writer.write(buffered);
        buffered.flush();
        file.force(true);
      }
      Digest digest = Digest.of(hash);
      long size = Files.size(part);
      hold(digest);
      Files.move(part, layout.blob(digest), StandardCopyOption.ATOMIC_MOVE);
      return Descriptor.of(MediaType.OCI_LAYER, digest, size);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Keeps a content from the garbage; says whether it is here. */
  public boolean hold(Digest digest) throws IOException {
    // Not while a collection is under way: it has looked already.
    try (StoreLock _ = StoreLock.take(layout.storeLock())) {
      uses.add(Use.of(layout, digest));
    }
    return blobs.has(digest);
  }

  /** Takes up an image as the beginning of this one. */
  public void begin(StoredImage image) throws IOException {
    hold(image.digest());
    hold(image.manifest().config().digest());
    for (Descriptor layer : image.manifest().layers()) {
      hold(layer.digest());
    }
  }

  /** Opens a layer. */
  public InputStream open(Descriptor layer) throws IOException {
    return blobs.open(layer.digest());
  }

  /** An image's whole configuration, as JSON. */
  public byte[] config(StoredImage image) throws IOException {
    return blobs.read(image.manifest().config().digest());
  }

  /** What was noted of a step; empty when nothing was, or nothing whole. */
  public Optional<byte[]> recall(Digest step) throws IOException {
    Path note = layout.step(step);
    return Files.exists(note) ? Optional.of(Files.readAllBytes(note)) : Optional.empty();
  }

  /** Notes what a step came to. */
  public void remember(Digest step, byte[] note) throws IOException {
    Path draft = Files.createTempFile(layout.incoming(), "step-", ".part");
    Files.write(draft, note);
    Files.move(draft, layout.step(step), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Makes the image and gives it a name, which leads nowhere else afterwards.
   *
   * @param config as JSON
   * @param layers lowest first; each is here
   */
  public StoredImage finish(String name, byte[] config, List<Descriptor> layers)
      throws IOException {
    hold(Digest.of(config));
    Digest configDigest = blobs.put(config);
    var descriptor = Descriptor.of(MediaType.OCI_CONFIG, configDigest, config.length);
    byte[] manifest = Documents.write(descriptor, layers);
    hold(Digest.of(manifest));
    Digest digest = blobs.put(manifest);
    var entry = new Names.Entry(name, digest, digest);
    names.put(entry);
    return names.load(entry);
  }

  @Override
  public void close() throws IOException {
    for (Use use : uses) {
      use.close();
    }
    uses.clear();
  }
}
