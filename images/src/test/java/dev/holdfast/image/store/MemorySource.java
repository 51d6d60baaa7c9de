package dev.holdfast.image.store;

import dev.holdfast.image.Digest;
import dev.holdfast.image.format.Descriptor;
import dev.holdfast.image.registry.TestImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An image in memory, whose contents a test can damage, and which breaks off when told to. */
final class MemorySource implements ImageSource {
  private final TestImage image;
  private final Map<Digest, byte[]> blobs;
  private final List<String> opened = new CopyOnWriteArrayList<>();
  private final AtomicInteger breaksOff = new AtomicInteger();

  MemorySource(TestImage image) {
    this.image = image;
    this.blobs = new HashMap<>(image.blobs());
  }

  void replace(Digest digest, byte[] content) {
    blobs.put(digest, content);
  }

  /** The next so many streams end after half of what was asked for, with an error. */
  void breakOff(int times) {
    breaksOff.set(times);
  }

  /** What was opened, as {@code digest@offset}. */
  List<String> opened() {
    return opened;
  }

  @Override
  public Raw top() {
    return new Raw(image.manifest(), Optional.of(TestImage.MANIFEST_TYPE));
  }

  @Override
  public Raw document(Digest digest) {
    throw new AssertionError("there is no index");
  }

  @Override
  public Content open(Descriptor content, long offset) {
    opened.add(content.digest().brief() + "@" + offset);
    byte[] bytes = blobs.getOrDefault(content.digest(), new byte[0]);
    var rest = new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset);
    if (breaksOff.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      return new Content(new Breaking(rest, (bytes.length - offset) / 2), offset);
    }
    return new Content(rest, offset);
  }

  private static final class Breaking extends InputStream {
    private final InputStream in;
    private long left;

    Breaking(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      if (left-- <= 0) {
        throw new IOException("the line broke");
      }
      return in.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left <= 0) {
        throw new IOException("the line broke");
      }
      int read = in.read(buffer, offset, (int) Math.min(length, left));
      left -= read;
      return read;
    }
  }
}
