package dev.holdfast.image.unpack;

import com.github.luben.zstd.ZstdIOException;
import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * Unpacks an image's layers, lowest first, into one directory. Nothing that a layer holds reaches
 * outside of it, fills the machine, or becomes a device, a program with rights of its own, or
 * somebody's of this host.
 */
public final class ImageUnpacker implements AutoCloseable {
  private final Kernel kernel = new Kernel();
  private final RootDirectory root;
  private final Allowance allowance;
  private Unpacked total = Unpacked.NOTHING;

  /**
   * @param directory exists, is empty, and nobody else writes in it
   */
  public ImageUnpacker(Path directory, UnpackLimits limits) throws IOException {
    this.root = new RootDirectory(kernel, directory);
    this.allowance = new Allowance(limits);
  }

  /**
   * Applies the next layer.
   *
   * @param layer the tar file, plain or compressed with gzip
   * @param diffId what the tar file's digest must be
   * @throws ImageException when it is another, or holds what is not allowed; the directory is
   *     useless then
   */
  public void apply(InputStream layer, Digest diffId) throws IOException {
    var compressed = new Counted(layer);
    allowance.layer(() -> compressed.count);
    try {
      LayerStream stream = LayerStream.open(compressed, allowance::decompressed);
      var unpacker = new LayerUnpacker(kernel, root, allowance);
      total = total.plus(unpacker.apply(new TarReader(stream)));
      Digest digest = stream.digest();
      if (!digest.equals(diffId)) {
        throw new ImageException(
            "a layer unpacks to `%s` and not to `%s`".formatted(digest, diffId));
      }
    } catch (ZipException | ZstdIOException | EOFException e) {
      throw new ImageException("a layer is damaged: " + e.getMessage(), e);
    }
  }

  /** Gives the image what every workbench's system must have; comes after the last layer. */
  public Account complete(String user) throws IOException {
    return new SystemFiles(kernel, root).complete(user);
  }

  /** Sees to it that these are directories, and not links, at the top of the tree. */
  public void places(Iterable<String> names) throws IOException {
    for (String name : names) {
      new SystemFiles(kernel, root).directory(name);
    }
  }

  /**
   * Who a user of the image is.
   *
   * @param user as a configuration has it
   * @throws ImageException when the image does not know it
   */
  public Account account(String user) throws IOException {
    return new SystemFiles(kernel, root).account(user);
  }

  /** The home directory that the image has for a user; empty when it has none. */
  public Optional<String> home(int uid) throws IOException {
    return new SystemFiles(kernel, root).home(uid);
  }

  /** What all layers came to. */
  public Unpacked total() {
    return total;
  }

  @Override
  public void close() {
    root.close();
    kernel.close();
  }

  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      count += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      count += Math.max(0, read);
      return read;
    }
  }
}
