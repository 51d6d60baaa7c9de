package dev.holdfast.image.unpack;

import dev.holdfast.image.ImageException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Applies one layer to what the layers below it have left in a root directory. */
final class LayerUnpacker {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final long LATEST = 1L << 33;

  private final Kernel kernel;
  private final RootDirectory root;
  private final Allowance allowance;
  private final byte[] buffer = new byte[64 << 10];

  /** The inodes that this layer has made or named: its whiteouts do not concern them. */
  private final Set<Long> own = new HashSet<>();

  private long devices;
  private long setIds;
  private long attributes;

  LayerUnpacker(Kernel kernel, RootDirectory root, Allowance allowance) {
    this.kernel = kernel;
    this.root = root;
    this.allowance = allowance;
  }

  Unpacked apply(TarReader tar) throws IOException {
    long bytes = allowance.bytes();
    long entries = allowance.entries();
    for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
      allowance.entry();
      apply(next.get(), tar);
    }
    return new Unpacked(
        allowance.bytes() - bytes, allowance.entries() - entries, devices, setIds, attributes);
  }

  private void apply(TarEntry entry, TarReader tar) throws IOException {
    Place place = Place.of(entry.name());
    if (place.isRoot()) {
      if (entry.kind() != TarEntry.Kind.DIRECTORY) {
        throw new ImageException("the image is not allowed: its root must be a directory");
      }
      return;
    }
    try {
      if (place.name().startsWith(WHITEOUT)) {
        whiteout(place);
      } else {
        make(entry, place, tar);
      }
    } catch (Kernel.Failed e) {
      throw new ImageException(
          "`%s` of the image cannot be made: %s".formatted(entry, e.getMessage()), e);
    }
  }

  private void whiteout(Place place) throws IOException {
    int directory = root.directory(place.parent());
    String hidden = place.name().substring(WHITEOUT.length());
    if (place.name().equals(OPAQUE)) {
      root.clear(directory, own::contains);
    } else if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
      throw new ImageException(
          "whiteout `%s` in the image is not allowed: it must name a file"
              .formatted(TarEntry.readable(place.name())));
    } else if (!hidden.startsWith(WHITEOUT)) {
      // Others that begin so are notes that an old storage driver left for itself.
      root.remove(directory, hidden, own::contains);
    }
  }

  private void make(TarEntry entry, Place place, TarReader tar) throws IOException {
    if (entry.hasAttributes()) {
      attributes++;
    }
    if (entry.kind() == TarEntry.Kind.DEVICE) {
      devices++;
      return;
    }
    switch (entry.kind()) {
      case FILE -> file(entry, place, tar);
      case DIRECTORY -> directory(entry, place);
      case SYMLINK -> symlink(entry, place);
      case HARD_LINK -> hardLink(entry, place);
      case DEVICE -> throw new AssertionError("left out above");
    }
  }

  /** Whatever is there goes: an entry never writes into, or through, something older. */
  private int cleared(Place place) throws IOException {
    root.remove(root.directory(place.parent()), place.name(), _ -> false);
    return root.directory(place.parent());
  }

  private void file(TarEntry entry, Place place, TarReader tar) throws IOException {
    allowance.file(entry);
    int directory = cleared(place);
    int flags = Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_EXCL;
    int file = kernel.open(directory, place.name(), flags, 0600);
    try {
      for (int read = tar.read(buffer); read >= 0; read = tar.read(buffer)) {
        allowance.written(read);
        kernel.write(file, buffer, read);
      }
      attributes(file, entry, 0777);
      kernel.times(file, Math.clamp(entry.modified(), 0, LATEST));
    } finally {
      kernel.close(file);
    }
    own.add(kernel.inode(directory, place.name()));
  }

  /** A directory that is there already keeps what is in it. */
  private void directory(TarEntry entry, Place place) throws IOException {
    if (root.unlinked(root.directory(place.parent()), place.name())) {
      root.forget();
      kernel.makeDirectory(root.directory(place.parent()), place.name());
    }
    int parent = root.directory(place.parent());
    int made = kernel.open(parent, place.name(), Kernel.O_DIRECTORY, 0);
    try {
      // The sticky bit keeps its meaning on directories.
      attributes(made, entry, 01777);
    } finally {
      kernel.close(made);
    }
    own.add(kernel.inode(parent, place.name()));
  }

  private void attributes(int file, TarEntry entry, int allowed) throws IOException {
    if ((entry.mode() & 06000) != 0) {
      setIds++;
    }
    kernel.own(file, UnpackedOwner.of(entry.uid(), entry), UnpackedOwner.of(entry.gid(), entry));
    kernel.mode(file, entry.mode() & allowed);
  }

  private void symlink(TarEntry entry, Place place) throws IOException {
    String target = entry.linkName();
    if (target.isEmpty() || target.length() > 4095 || target.indexOf(0) >= 0) {
      throw new ImageException("link `%s` in the image is not allowed: no target".formatted(entry));
    }
    int directory = cleared(place);
    kernel.makeLink(target, directory, place.name());
    int uid = UnpackedOwner.of(entry.uid(), entry);
    kernel.own(directory, place.name(), uid, UnpackedOwner.of(entry.gid(), entry));
    own.add(kernel.inode(directory, place.name()));
  }

  private void hardLink(TarEntry entry, Place place) throws IOException {
    Place target = Place.of(entry.linkName());
    if (target.isRoot() || target.equals(place)) {
      throw new ImageException(
          "hard link `%s` in the image is not allowed: it must lead to another file"
              .formatted(entry));
    }
    // A second directory, beside the one that is kept open: the new link's own.
    try (var from = root.again()) {
      int source = from.directory(target.parent());
      kernel.inode(source, target.name());
      kernel.makeHardLink(source, target.name(), cleared(place), place.name());
    }
  }
}
