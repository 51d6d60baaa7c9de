package dev.holdfast.workbench.wasm;

import dev.holdfast.workbench.FileEntry;
import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.GuestFiles;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The files of a workbench in memory. They have no modes, times or links. */
record WasmFiles(FileTree tree) implements GuestFiles {
  private static final int FILE_MODE = 0644;
  private static final int DIRECTORY_MODE = 0755;
  private static final int PIECE = 64 << 10;

  @Override
  public byte[] read(String path, long offset, int limit) {
    return on(path, () -> tree.read(find(path).file(), Math.max(0, offset), limit));
  }

  @Override
  public void write(String path, byte[] content, boolean executable) {
    on(
        path,
        () -> {
          tree.write(fresh(path), 0, content);
          return path;
        });
  }

  @Override
  public void write(String path, InputStream content, boolean executable) throws IOException {
    byte[] piece = content.readNBytes(PIECE);
    write(path, piece, executable);
    try {
      for (long at = piece.length; piece.length == PIECE; at += piece.length) {
        piece = content.readNBytes(PIECE);
        append(path, at, piece);
      }
    } catch (IOException broken) {
      delete(path);
      throw broken;
    }
  }

  private void append(String path, long at, byte[] piece) {
    on(
        path,
        () -> {
          tree.write(find(path).file(), at, piece);
          return path;
        });
  }

  /** The file at the path, empty, with its missing parents. */
  private Node.File fresh(String path) throws WasiError {
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      make(path.substring(0, slash));
    }
    var spot = find(path);
    var file = spot.node().isPresent() ? spot.file() : tree.create(spot);
    tree.resize(file, 0);
    return file;
  }

  @Override
  public Optional<FileEntry> stat(String path) {
    try {
      return find(path).node().map(node -> entry(path.substring(path.lastIndexOf('/') + 1), node));
    } catch (WasiError error) {
      if (error.errno() == Errno.NOENT || error.errno() == Errno.NOTDIR) {
        return Optional.empty();
      }
      throw fault(path, error);
    }
  }

  private FileEntry entry(String name, Node node) {
    return switch (node) {
      case Node.File file ->
          new FileEntry(name, FileEntry.Kind.FILE, tree.size(file), FILE_MODE, Instant.EPOCH);
      case Node.Directory _ ->
          new FileEntry(name, FileEntry.Kind.DIRECTORY, 0, DIRECTORY_MODE, Instant.EPOCH);
    };
  }

  @Override
  public List<FileEntry> list(String path, int limit) {
    return on(
        path,
        () ->
            tree.entries(find(path).directory()).stream()
                .limit(limit)
                .map(it -> entry(it.getKey(), it.getValue()))
                .toList());
  }

  @Override
  public void delete(String path) {
    on(
        path,
        () -> {
          var spot = find(path.isEmpty() ? "." : path);
          if (spot.name().isEmpty()) {
            throw new FileError(FileError.Code.NOT_ALLOWED, path, "the workspace itself stays");
          }
          deleteTree(spot);
          return path;
        });
  }

  /** Without recursion: a program may have nested directories deeper than any stack. */
  private void deleteTree(Spot top) {
    var left = new ArrayDeque<>(List.of(top));
    while (!left.isEmpty()) {
      var spot = left.peekLast();
      if (spot.required() instanceof Node.Directory directory) {
        var below = new ArrayList<Spot>();
        tree.entries(directory)
            .forEach(
                it ->
                    below.add(new Spot(directory, it.getKey(), Optional.of(it.getValue()), false)));
        if (!below.isEmpty()) {
          left.addAll(below);
          continue;
        }
        tree.removeDirectory(spot);
      } else {
        tree.removeFile(spot);
      }
      left.removeLast();
    }
  }

  @Override
  public void makeDirectory(String path) {
    on(
        path,
        () -> {
          make(path);
          return path;
        });
  }

  private void make(String path) {
    if (path.startsWith("/")) {
      throw new WasiError(Errno.NOTCAPABLE);
    }
    var so = new StringBuilder();
    for (var part : List.of(path.split("/", -1))) {
      so.append(so.isEmpty() ? "" : "/").append(part);
      var spot = find(so.toString());
      if (spot.node().isEmpty()) {
        tree.makeDirectory(spot);
      } else {
        spot.directory();
      }
    }
  }

  @Override
  public void move(String from, String to) {
    on(
        from,
        () -> {
          tree.move(find(from), find(to));
          return from;
        });
  }

  private Spot find(String path) {
    return tree.find(tree.root(), path);
  }

  private static <T> T on(String path, Supplier<T> action) {
    try {
      return action.get();
    } catch (WasiError error) {
      throw fault(path, error);
    }
  }

  private static FileError fault(String path, WasiError error) {
    return switch (error.errno()) {
      case NOENT -> said(FileError.Code.NOT_FOUND, path, "there is nothing");
      case NOTCAPABLE -> said(FileError.Code.OUTSIDE, path, "it leaves the workspace");
      case ISDIR -> said(FileError.Code.IS_DIRECTORY, path, "it is a directory");
      case NOTDIR -> said(FileError.Code.NOT_DIRECTORY, path, "it is no directory");
      case NOSPC -> said(FileError.Code.NO_SPACE, path, "the workbench's files are full");
      case FBIG -> said(FileError.Code.TOO_LARGE, path, "it would be too large");
      default -> said(FileError.Code.OTHER, path, error.errno().name());
    };
  }

  private static FileError said(FileError.Code code, String path, String what) {
    return new FileError(code, path, "`%s`: %s".formatted(path, what));
  }
}
