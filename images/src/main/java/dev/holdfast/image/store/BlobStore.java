package dev.holdfast.image.store;

import dev.holdfast.digest.Sha256;
import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.format.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;

/**
 * Contents by their digests. One is either whole and right, or not there: it grows beside its place
 * and is moved there once its bytes have the digest that they must have, and are on the disk.
 */
final class BlobStore {
  private static final int ATTEMPTS = 5;

  private final StoreLayout layout;
  private final Duration backoff;

  BlobStore(StoreLayout layout, Duration backoff) {
    this.layout = layout;
    this.backoff = backoff;
  }

  boolean has(Digest digest) {
    return Files.exists(layout.blob(digest));
  }

  InputStream open(Digest digest) throws IOException {
    return Files.newInputStream(layout.blob(digest));
  }

  /** A small content, checked once more: the disk may have changed it. */
  byte[] read(Digest digest) throws IOException {
    byte[] bytes = Files.readAllBytes(layout.blob(digest));
    if (!Digest.of(bytes).equals(digest)) {
      throw new ImageException(
          "the store's content `%s` is damaged: remove the image and pull it again"
              .formatted(digest));
    }
    return bytes;
  }

  /** Keeps a small content. */
  Digest put(byte[] bytes) throws IOException {
    Digest digest = Digest.of(bytes);
    if (!has(digest)) {
      try (StoreLock _ = StoreLock.take(layout.lock(digest))) {
        Path part = layout.incoming(digest);
        try (FileChannel file = write(part)) {
          Channels.newOutputStream(file).write(bytes);
          file.force(true);
        }
        Files.move(part, layout.blob(digest), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return digest;
  }

  private static FileChannel write(Path part) throws IOException {
    return FileChannel.open(
        part,
        StandardOpenOption.CREATE,
        StandardOpenOption.WRITE,
        StandardOpenOption.TRUNCATE_EXISTING);
  }

  /**
   * Fetches a content unless it is here. Whoever else wants the same one waits; what an earlier
   * attempt has left is gone on with.
   *
   * @return whether anything was fetched
   * @throws ImageException when what comes is not what the digest says
   */
  boolean fetch(ImageSource source, Descriptor content) throws IOException {
    if (has(content.digest())) {
      return false;
    }
    try (StoreLock _ = StoreLock.take(layout.lock(content.digest()))) {
      if (has(content.digest())) {
        return false;
      }
      Path part = layout.incoming(content.digest());
      for (int attempt = 1; ; attempt++) {
        try {
          grow(source, content, part);
          Files.move(part, layout.blob(content.digest()), StandardCopyOption.ATOMIC_MOVE);
          return true;
        } catch (ImageException wrong) {
          Files.deleteIfExists(part);
          throw wrong;
        } catch (IOException e) {
          if (attempt >= ATTEMPTS) {
            throw e;
          }
          pause(attempt);
        }
      }
    }
  }

  private void pause(int attempt) {
    try {
      Thread.sleep(backoff.multipliedBy(1L << attempt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException("interrupted while fetching an image", e);
    }
  }

  /** Adds what is missing to what is there, and checks the whole. */
  private static void grow(ImageSource source, Descriptor content, Path part) throws IOException {
    MessageDigest hash = Sha256.start();
    long have = rehash(part, content.size(), hash);
    ImageSource.Content rest = source.open(content, have);
    try (InputStream in = rest.stream();
        FileChannel file =
            FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (rest.startsAt() != have) {
        if (rest.startsAt() != 0) {
          throw new ImageException(
              "`%s` was sent from the wrong place on".formatted(content.digest()));
        }
        hash.reset();
        have = 0;
      }
      file.truncate(have).position(have);
      copy(in, Channels.newOutputStream(file), content, have, hash);
      file.force(true);
    }
    Digest digest = Digest.of(hash);
    if (!digest.equals(content.digest())) {
      throw new ImageException(
          "what was sent as `%s` is `%s`: refused".formatted(content.digest(), digest));
    }
  }

  private static void copy(
      InputStream in, OutputStream out, Descriptor content, long have, MessageDigest hash)
      throws IOException {
    byte[] buffer = new byte[64 << 10];
    long size = have;
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      size += read;
      if (size > content.size()) {
        throw new ImageException(
            "`%s` is larger than the %d bytes that it should have: refused"
                .formatted(content.digest(), content.size()));
      }
      hash.update(buffer, 0, read);
      out.write(buffer, 0, read);
    }
    if (size < content.size()) {
      throw new IOException(
          "`%s` ended after %d of %d bytes".formatted(content.digest(), size, content.size()));
    }
  }

  /** Feeds what an earlier attempt has left to the hash; what is too much of it does not count. */
  private static long rehash(Path part, long most, MessageDigest hash) throws IOException {
    if (!Files.exists(part) || Files.size(part) >= most) {
      return 0;
    }
    byte[] buffer = new byte[64 << 10];
    long have = 0;
    try (InputStream in = Files.newInputStream(part)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        hash.update(buffer, 0, read);
        have += read;
      }
    }
    return have;
  }
}
