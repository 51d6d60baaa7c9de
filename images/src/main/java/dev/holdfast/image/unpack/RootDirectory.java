package dev.holdfast.image.unpack;

import dev.holdfast.image.ImageException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.function.LongPredicate;

/**
 * The directory that an image is unpacked into. Every path is resolved by the kernel as if this
 * were the root of the file system, and where it led is then checked a second time by name.
 */
final class RootDirectory implements AutoCloseable {
  /** Deeper trees could not be removed again by their paths. */
  private static final int DEEPEST = 200;

  private static final int LONGEST = 3000;

  private final Kernel kernel;
  private final int root;
  private final Path place;
  private String openPath = "";
  private int open;

  RootDirectory(Kernel kernel, Path directory) throws IOException {
    this.kernel = kernel;
    this.place = directory.toRealPath();
    this.root = kernel.openRoot(place.toString());
    this.open = root;
  }

  /** Another one over the same directory, to be closed before this one. */
  RootDirectory again() throws IOException {
    return new RootDirectory(kernel, place);
  }

  /** The open directory at a path; stays open until another one is asked for. */
  int directory(String path) throws IOException {
    if (!path.equals(openPath)) {
      int next = path.isEmpty() ? root : openOrMake(path);
      forget();
      open = next;
      openPath = path;
    }
    return open;
  }

  /** Must be called when a directory may have been replaced. */
  void forget() {
    if (open != root) {
      kernel.close(open);
    }
    open = root;
    openPath = "";
  }

  private int openOrMake(String path) throws IOException {
    int flags = Kernel.O_PATH | Kernel.O_DIRECTORY;
    try {
      return confined(kernel.openInRoot(root, path, flags));
    } catch (Kernel.Failed e) {
      if (e.errno() != Kernel.ENOENT) {
        throw lost(path, e);
      }
    }
    Place above = Place.of(path);
    int parent = above.parent().isEmpty() ? root : openOrMake(above.parent());
    try {
      kernel.makeDirectory(parent, above.name());
      int made = kernel.open(parent, above.name(), Kernel.O_DIRECTORY, 0);
      try {
        kernel.own(made, UnpackedOwner.ROOT, UnpackedOwner.ROOT);
        kernel.mode(made, 0755);
      } finally {
        kernel.close(made);
      }
      return confined(kernel.openInRoot(root, path, flags));
    } catch (Kernel.Failed e) {
      throw lost(path, e);
    } finally {
      if (parent != root) {
        kernel.close(parent);
      }
    }
  }

  /** The second look: what the kernel opened has a name below the root, and not too deep. */
  private int confined(int fd) throws IOException {
    Path real = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd));
    int depth = real.getNameCount() - place.getNameCount();
    if (!real.startsWith(place) || depth > DEEPEST || real.toString().length() > LONGEST) {
      kernel.close(fd);
      throw new ImageException(
          "a directory of the image is not allowed: at most %d levels below its root"
              .formatted(DEEPEST));
    }
    return fd;
  }

  private static ImageException lost(String path, Kernel.Failed e) {
    return new ImageException(
        "directory `%s` in the image cannot be reached: error %d"
            .formatted(TarEntry.readable(path), e.errno()),
        e);
  }

  /** A file's first bytes, found as a program inside would find it; empty when there is none. */
  byte[] read(String path, int most) throws IOException {
    int file;
    try {
      file = kernel.openInRoot(root, path, 0);
    } catch (Kernel.Failed none) {
      return new byte[0];
    }
    try {
      return Files.isRegularFile(Path.of("/proc/self/fd/" + file))
          ? kernel.read(file, most)
          : new byte[0];
    } finally {
      kernel.close(file);
    }
  }

  /**
   * Removes what is at a name, and everything below it, except what is to be kept. The open
   * directory must be asked for again afterwards.
   *
   * @param kept by inode
   */
  void remove(int directory, String name, LongPredicate kept) throws IOException {
    try {
      boolean keep = kept.test(kernel.inode(directory, name));
      if (keep || !unlinked(directory, name)) {
        int inner = kernel.open(directory, name, Kernel.O_DIRECTORY, 0);
        boolean empty = emptied(inner, kept);
        if (empty && !keep) {
          kernel.removeDirectory(directory, name);
        }
      }
    } catch (Kernel.Failed e) {
      boolean keptFile = e.errno() == Kernel.ENOTDIR || e.errno() == Kernel.ELOOP;
      if (e.errno() != Kernel.ENOENT && !keptFile) {
        throw e;
      }
    }
    forget();
  }

  /** Removes a name that is no directory; says whether nothing is there any more. */
  boolean unlinked(int directory, String name) throws Kernel.Failed {
    try {
      kernel.unlink(directory, name);
      return true;
    } catch (Kernel.Failed e) {
      if (e.errno() != Kernel.ENOENT && e.errno() != Kernel.EISDIR) {
        throw e;
      }
      return e.errno() == Kernel.ENOENT;
    }
  }

  /** Removes everything in a directory except what is to be kept. */
  void clear(int directory, LongPredicate kept) throws IOException {
    emptied(kernel.open(directory, ".", Kernel.O_DIRECTORY, 0), kept);
    forget();
  }

  /** Closes the directory, too. */
  private boolean emptied(int directory, LongPredicate kept) throws IOException {
    try {
      return empty(Path.of("/proc/self/fd/" + directory), kept);
    } finally {
      kernel.close(directory);
    }
  }

  private static boolean empty(Path directory, LongPredicate kept) throws IOException {
    boolean empty = true;
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        boolean inside = !Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS) || empty(child, kept);
        long inode = (long) Files.getAttribute(child, "unix:ino", LinkOption.NOFOLLOW_LINKS);
        if (inside && !kept.test(inode)) {
          Files.delete(child);
        } else {
          empty = false;
        }
      }
    } catch (DirectoryNotEmptyException e) {
      return false;
    }
    return empty;
  }

  @Override
  public void close() {
    forget();
    kernel.close(root);
  }
}
