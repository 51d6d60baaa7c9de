package dev.holdfast.image.unpack;

import dev.holdfast.image.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A directory that strangers fill, to be read: no link of it leads out, and nothing in it is opened
 * that is not a file or a directory. Paths are relative to it, without a slash at either end; names
 * are bytes, kept one to a character. Confined to one thread.
 */
public final class FileTree implements AutoCloseable {
  private static final int LONGEST = 4095;

  private final Kernel kernel = new Kernel();
  private final int root;
  private final String place;
  private final Links links;

  /** What becomes of links that lead out. */
  public enum Links {
    /** They are read as if the directory were the root of the file system. */
    IN_ROOT,
    /** They are refused. */
    REFUSED
  }

  /** What something is. */
  public enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK,
    /** An overlay's mark for what was removed: the character device 0, 0. */
    WHITEOUT,
    /** A device, pipe or socket. */
    OTHER
  }

  /**
   * Something in the tree.
   *
   * @param mode permission bits
   * @param size in bytes
   * @param inode the same for several names of one file
   * @param names how many it has
   * @param modified in seconds since 1970
   */
  public record Entry(
      String path,
      Kind kind,
      int mode,
      int uid,
      int gid,
      long size,
      long inode,
      int names,
      long modified) {
    /** The last part of its path. */
    public String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  public FileTree(Path directory, Links links) throws IOException {
    this.root = kernel.openRoot(directory.toRealPath().toString());
    this.place = kernel.pathOf(root);
    this.links = links;
  }

  /** Text as the bytes of a name. */
  public static String raw(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** A name for people to read. */
  public static String readable(String name) {
    return TarEntry.readable(name);
  }

  /** A path below a directory of the tree. */
  public static String below(String directory, String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }

  /** What is at a path; a link at its end is not followed. */
  public Optional<Entry> find(String path) throws IOException {
    Optional<Integer> file = open(path, Kernel.O_PATH | Kernel.O_NOFOLLOW);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(entry(path, kernel.state(file.get())));
    } finally {
      kernel.close(file.get());
    }
  }

  private static Entry entry(String path, FileState state) {
    Kind kind =
        switch (state.type()) {
          case 0100000 -> Kind.FILE;
          case 0040000 -> Kind.DIRECTORY;
          case 0120000 -> Kind.SYMLINK;
          case 0020000 -> state.device() == 0 ? Kind.WHITEOUT : Kind.OTHER;
          default -> Kind.OTHER;
        };
    return new Entry(
        path,
        kind,
        state.mode() & 07777,
        state.uid(),
        state.gid(),
        state.size(),
        state.inode(),
        state.links(),
        state.modified());
  }

  /**
   * The path that leads to the same place without links. What is not there may be missing from any
   * part on.
   */
  public String resolve(String path) throws IOException {
    Place place = Place.of(path);
    if (place.isRoot()) {
      return "";
    }
    Optional<Integer> file = open(path, Kernel.O_PATH);
    if (file.isEmpty()) {
      return below(resolve(place.parent()), place.name());
    }
    try {
      String real = kernel.pathOf(file.get());
      if (!real.equals(this.place) && !real.startsWith(this.place + "/")) {
        throw out(path);
      }
      return real.substring(Math.min(real.length(), this.place.length() + 1));
    } finally {
      kernel.close(file.get());
    }
  }

  /** What is in a directory, in the order of the bytes of the names. */
  public List<String> names(String directory) throws IOException {
    int open =
        open(directory, Kernel.O_DIRECTORY | Kernel.O_NOFOLLOW).orElseThrow(() -> gone(directory));
    try {
      return kernel.names(open).stream().sorted().toList();
    } finally {
      kernel.close(open);
    }
  }

  /** Whether a directory of an overlay's changes hides what was there before it. */
  public boolean isOpaque(String directory) throws IOException {
    int open = open(directory, Kernel.O_PATH).orElseThrow(() -> gone(directory));
    try {
      return kernel.isOpaque(open);
    } finally {
      kernel.close(open);
    }
  }

  /** What a symbolic link leads to. */
  public String target(Entry link) throws IOException {
    int open =
        open(link.path(), Kernel.O_PATH | Kernel.O_NOFOLLOW).orElseThrow(() -> gone(link.path()));
    try {
      return kernel.readLink(open);
    } finally {
      kernel.close(open);
    }
  }

  /** Opens a file to read. */
  public InputStream read(Entry file) throws IOException {
    int open =
        open(file.path(), Kernel.O_PATH | Kernel.O_NOFOLLOW).orElseThrow(() -> gone(file.path()));
    try {
      // It is looked at before it is opened: a pipe in its place would be waited for.
      if (entry(file.path(), kernel.state(open)).kind() != Kind.FILE) {
        throw gone(file.path());
      }
      return Files.newInputStream(Path.of("/proc/self/fd/" + open));
    } finally {
      kernel.close(open);
    }
  }

  private Optional<Integer> open(String path, int flags) throws IOException {
    String name = path.isEmpty() ? "." : path;
    if (name.length() > LONGEST) {
      throw new ImageException(
          "a path of %d bytes is not allowed: at most %d are".formatted(name.length(), LONGEST));
    }
    try {
      return Optional.of(
          switch (links) {
            case IN_ROOT -> kernel.openInRoot(root, name, flags);
            case REFUSED -> kernel.openBeneath(root, name, flags);
          });
    } catch (Kernel.Failed e) {
      if (e.errno() == Kernel.ENOENT || e.errno() == Kernel.ENOTDIR) {
        return Optional.empty();
      }
      if (e.errno() == Kernel.EXDEV) {
        throw out(path);
      }
      throw new ImageException(
          "`%s` cannot be opened: error %d".formatted(readable(path), e.errno()), e);
    }
  }

  private static ImageException out(String path) {
    return new ImageException(
        "`%s` is not allowed: a link or `..` in it leads out".formatted(readable(path)));
  }

  private static ImageException gone(String path) {
    return new ImageException("`%s` has changed meanwhile".formatted(readable(path)));
  }

  @Override
  public void close() {
    kernel.close(root);
    kernel.close();
  }
}
