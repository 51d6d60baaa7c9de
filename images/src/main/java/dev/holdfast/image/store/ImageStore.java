package dev.holdfast.image.store;

import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.ImageReference;
import dev.holdfast.image.Platform;
import dev.holdfast.image.format.Descriptor;
import dev.holdfast.image.format.Document;
import dev.holdfast.image.format.Documents;
import dev.holdfast.image.format.ImageConfig;
import dev.holdfast.image.unpack.UnpackLimits;
import dev.holdfast.image.unpack.Unpacked;
import dev.holdfast.workbench.Root;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The images of one state directory. Any number of processes may use it at once, and one that dies
 * leaves nothing half done.
 */
public final class ImageStore {
  private static final int AT_ONCE = 4;
  private static final int DEEPEST_INDEX = 3;

  /** What one image's layers may take as they are sent, in bytes. */
  private static final long MAX_COMPRESSED = 16L << 30;

  private final StoreLayout layout;
  private final BlobStore blobs;
  private final Names names;
  private final TreeStore trees;

  private ImageStore(StoreLayout layout, UnpackLimits limits, Duration backoff) {
    this.layout = layout;
    this.blobs = new BlobStore(layout, backoff);
    this.names = new Names(layout, blobs);
    this.trees = new TreeStore(layout, blobs, limits);
  }

  /** The store of a state directory. */
  public static ImageStore in(Path home) {
    return in(home, UnpackLimits.DEFAULT, Duration.ofMillis(250));
  }

  static ImageStore in(Path home, UnpackLimits limits, Duration backoff) {
    try {
      return new ImageStore(StoreLayout.in(home), limits, backoff);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Fetches an image and names it. What is here already is not fetched again.
   *
   * @param name what it is called from now on
   * @param expected what its name must lead to, where that is known
   * @throws ImageException when any part of it is not what its digest says
   */
  public StoredImage pull(
      String name,
      Optional<Digest> expected,
      ImageSource source,
      Platform platform,
      Progress progress)
      throws IOException {
    ImageSource.Raw top = source.top();
    Digest topDigest = Digest.of(top.bytes());
    if (expected.isPresent() && !expected.get().equals(topDigest)) {
      throw new ImageException("`%s` is `%s`: refused".formatted(name, topDigest));
    }
    ImageSource.Raw raw = choose(source, top, platform);
    if (!(Documents.read(raw.bytes(), raw.mediaType()) instanceof Document.Manifest manifest)) {
      throw new ImageException("`%s` leads to too many indexes".formatted(name));
    }
    check(manifest);
    try (Uses _ = uses(manifest, topDigest, Digest.of(raw.bytes()))) {
      blobs.put(top.bytes());
      Digest digest = blobs.put(raw.bytes());
      blobs.fetch(source, manifest.config());
      checkPlatform(manifest, platform);
      fetch(source, manifest.layers(), progress);
      names.put(new Names.Entry(name, topDigest, digest));
      return names.load(new Names.Entry(name, topDigest, digest));
    }
  }

  /** While it is being fetched, nobody may take for garbage what no name leads to yet. */
  private Uses uses(Document.Manifest manifest, Digest... more) throws IOException {
    List<Digest> digests = new ArrayList<>(List.of(more));
    digests.add(manifest.config().digest());
    manifest.layers().forEach(layer -> digests.add(layer.digest()));
    var uses = new Uses(new ArrayList<>());
    // Not while a collection is under way: it has looked already.
    try (StoreLock _ = StoreLock.take(layout.storeLock())) {
      for (Digest digest : digests) {
        uses.all.add(Use.of(layout, digest));
      }
    }
    return uses;
  }

  private record Uses(List<Use> all) implements Closeable {
    @Override
    public void close() throws IOException {
      for (Use use : all) {
        use.close();
      }
    }
  }

  private static ImageSource.Raw choose(
      ImageSource source, ImageSource.Raw top, Platform platform) {
    ImageSource.Raw raw = top;
    for (int i = 0; i < DEEPEST_INDEX; i++) {
      if (!(Documents.read(raw.bytes(), raw.mediaType()) instanceof Document.Index index)) {
        return raw;
      }
      Descriptor chosen = index.choose(platform);
      raw = source.document(chosen.digest());
      if (!Digest.of(raw.bytes()).equals(chosen.digest())) {
        throw new ImageException(
            "what was sent as `%s` is not: refused".formatted(chosen.digest()));
      }
    }
    return raw;
  }

  private static void check(Document.Manifest manifest) {
    long bytes = manifest.layers().stream().mapToLong(Descriptor::size).reduce(0, Math::addExact);
    if (bytes > MAX_COMPRESSED || manifest.config().size() > ImageConfig.MAX_BYTES) {
      throw new ImageException(
          "the image is not allowed: its layers have %d bytes, at most %d may be fetched"
              .formatted(bytes, MAX_COMPRESSED));
    }
  }

  private void checkPlatform(Document.Manifest manifest, Platform platform) throws IOException {
    Platform its = ImageConfig.read(blobs.read(manifest.config().digest())).platform();
    if (!platform.accepts(its)) {
      throw new ImageException(
          "the image is for `%s`, and this machine is `%s`".formatted(its, platform));
    }
  }

  private void fetch(ImageSource source, List<Descriptor> layers, Progress progress)
      throws IOException {
    // Platform threads: a lock of the kernel may be waited for.
    try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> all = new ArrayList<>();
      for (Descriptor layer : layers.stream().distinct().toList()) {
        all.add(
            threads.submit(
                () -> {
                  boolean fetched = blobs.fetch(source, layer);
                  progress.layer(layer, fetched ? Progress.Step.FETCHED : Progress.Step.PRESENT);
                  return null;
                }));
      }
      for (Future<?> each : all) {
        try {
          each.get();
        } catch (ExecutionException e) {
          threads.shutdownNow();
          throw rethrown(e);
        } catch (InterruptedException e) {
          threads.shutdownNow();
          Thread.currentThread().interrupt();
          throw new ImageException("interrupted while fetching an image", e);
        }
      }
    }
  }

  private static IOException rethrown(ExecutionException e) {
    if (e.getCause() instanceof ImageException wrong) {
      throw new ImageException(String.valueOf(wrong.getMessage()), wrong);
    }
    return new IOException(String.valueOf(e.getCause()), e);
  }

  /** The image of that name, as a person writes it; empty when it was never pulled. */
  public Optional<StoredImage> find(String written) throws IOException {
    for (String name : List.of(written, reference(written))) {
      Optional<Names.Entry> entry = names.find(name);
      if (entry.isPresent()) {
        return Optional.of(names.load(entry.get()));
      }
    }
    return Optional.empty();
  }

  private static String reference(String written) {
    try {
      return ImageReference.parse(written).toString();
    } catch (ImageException noReference) {
      return written;
    }
  }

  /** The image of that manifest; empty when no name leads to it. */
  public Optional<StoredImage> find(Digest manifest) throws IOException {
    for (Names.Entry entry : names.all()) {
      if (entry.manifest().equals(manifest)) {
        return Optional.of(names.load(entry));
      }
    }
    return Optional.empty();
  }

  /** Where archives may be decompressed. */
  public Path scratch() {
    return layout.incoming();
  }

  /** Begins a new image. */
  public ImageDraft draft() {
    return new ImageDraft(layout, blobs, names);
  }

  /** Every image, by name. */
  public List<StoredImage> list() throws IOException {
    var images = new ArrayList<StoredImage>();
    for (Names.Entry entry : names.all()) {
      images.add(names.load(entry));
    }
    return images;
  }

  /** What an image came to when it was laid out; empty when it was not yet. */
  public Optional<Unpacked> unpacked(StoredImage image) throws IOException {
    return trees.has(image.digest())
        ? Optional.of(trees.about(image.digest()).unpacked())
        : Optional.empty();
  }

  /** An image that a workbench can be made of, until it is closed. */
  public record LaidOut(Root.Image root, Closeable use) implements AutoCloseable {
    @Override
    public void close() {
      try {
        use.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Lays an image out, if it is not yet, and keeps it from being removed. Needs root. */
  public LaidOut layOut(StoredImage image, Progress progress) throws IOException {
    Uses use = uses(image.manifest(), image.digest());
    try {
      TreeStore.About about = trees.layOut(image, progress);
      names.touch(image.name());
      Path files = TreeStore.files(layout.tree(image.digest()));
      return new LaidOut(new Root.Image(files, image.config().env(), about.agent()), use);
    } catch (IOException | RuntimeException e) {
      use.close();
      throw e;
    }
  }

  /** Forgets a name. What it led to goes with the next collection. */
  public boolean remove(StoredImage image) throws IOException {
    boolean there = names.find(image.name()).isPresent();
    names.remove(image.name());
    return there;
  }

  /**
   * Removes what no name leads to and nobody uses.
   *
   * @param unusedFor names that were not used for so long go first
   * @param dry only says what would go
   */
  public Garbage.Removed collect(Optional<Duration> unusedFor, boolean dry) throws IOException {
    Optional<Instant> before = unusedFor.map(age -> Instant.now().minus(age));
    try (StoreLock _ = StoreLock.take(layout.storeLock())) {
      return new Garbage(layout, names)
          .collect(used -> before.isPresent() && used.isBefore(before.get()), dry);
    }
  }
}
