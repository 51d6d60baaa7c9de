package dev.holdfast.workbench.wasm;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files in memory: the only ones that a program can reach. A path is walked part by part from an
 * open directory and never leaves it; since there are no links, it can lead nowhere else. Bounded
 * in bytes and in entries. Thread-safe.
 */
final class FileTree {
  private static final int MOST_NAME = 255;
  private static final int MOST_PATH = 4096;

  /** What a file or a directory costs beside its bytes and its name. */
  private static final long ENTRY_BYTES = 512;

  private final long mostBytes;
  private final boolean writable;
  private final Node.Directory root = new Node.Directory(1);
  private long bytes;
  private long numbers = 1;

  /**
   * @param mostBytes of all files together, each counted with its name and {@value #ENTRY_BYTES}
   *     more
   * @param writable whether programs may change it
   */
  FileTree(long mostBytes, boolean writable) {
    this.mostBytes = mostBytes;
    this.writable = writable;
  }

  Node.Directory root() {
    return root;
  }

  /** Walks {@code path} from {@code from}; all but its last part must exist. */
  synchronized Spot find(Node.Directory from, String path) {
    if (path.length() > MOST_PATH) {
      throw new WasiError(Errno.NAMETOOLONG);
    }
    if (path.isEmpty()) {
      throw new WasiError(Errno.NOENT);
    }
    if (path.startsWith("/")) {
      throw new WasiError(Errno.NOTCAPABLE);
    }
    var way = new ArrayDeque<Node.Directory>(List.of(from));
    var spot = new Spot(from, "", Optional.of(from), false);
    for (var part : List.of(path.split("/", -1))) {
      spot = step(way, spot, part);
    }
    return new Spot(spot.parent(), spot.name(), spot.node(), path.endsWith("/"));
  }

  private static Spot step(ArrayDeque<Node.Directory> way, Spot spot, String part) {
    if (part.isEmpty() && spot.node().isEmpty()) {
      return spot; // a slash at the end of a name that is not there yet
    }
    var here = spot.directory();
    if (part.isEmpty() || part.equals(".")) {
      return spot;
    }
    if (part.equals("..")) {
      way.removeLast();
      if (way.isEmpty()) {
        throw new WasiError(Errno.NOTCAPABLE);
      }
      return new Spot(way.getLast(), "", Optional.of(way.getLast()), false);
    }
    if (part.length() > MOST_NAME) {
      throw new WasiError(Errno.NAMETOOLONG);
    }
    var node = Optional.ofNullable(here.entries.get(part));
    if (node.orElse(null) instanceof Node.Directory next) {
      way.addLast(next);
    }
    return new Spot(here, part, node, false);
  }

  /** Puts a file there before programs run, with the directories above it. */
  synchronized Node.File place(String path, byte[] content) {
    var names = List.of(path.split("/", -1));
    if (names.stream().anyMatch(name -> name.isEmpty() || name.equals(".") || name.equals(".."))) {
      throw new WasiError(Errno.INVAL);
    }
    var at = root;
    for (var name : names.subList(0, names.size() - 1)) {
      at = below(at, name);
    }
    take(cost(names.getLast()) + content.length);
    var file = new Node.File(++numbers, content);
    if (at.entries.putIfAbsent(names.getLast(), file) != null) {
      throw new WasiError(Errno.EXIST);
    }
    return file;
  }

  private Node.Directory below(Node.Directory parent, String name) {
    var known = parent.entries.get(name);
    if (known == null) {
      take(cost(name));
      var made = new Node.Directory(++numbers);
      parent.entries.put(name, made);
      return made;
    }
    if (known instanceof Node.Directory directory) {
      return directory;
    }
    throw new WasiError(Errno.NOTDIR);
  }

  synchronized Node.File create(Spot spot) {
    requireFree(spot);
    if (spot.mustBeDirectory()) {
      throw new WasiError(Errno.ISDIR);
    }
    take(cost(spot.name()));
    var file = new Node.File(++numbers, new byte[0]);
    spot.parent().entries.put(spot.name(), file);
    return file;
  }

  synchronized Node.Directory makeDirectory(Spot spot) {
    requireFree(spot);
    take(cost(spot.name()));
    var directory = new Node.Directory(++numbers);
    spot.parent().entries.put(spot.name(), directory);
    return directory;
  }

  synchronized byte[] read(Node.File file, long offset, int most) {
    return file.read(offset, most);
  }

  synchronized void write(Node.File file, long offset, byte[] data) {
    requireWritable();
    if (offset > Integer.MAX_VALUE - data.length) {
      throw new WasiError(Errno.FBIG);
    }
    take(Math.max(0, offset + data.length - file.size()));
    file.write((int) offset, data);
  }

  synchronized void resize(Node.File file, long size) {
    requireWritable();
    if (size < 0 || size > Integer.MAX_VALUE) {
      throw new WasiError(Errno.FBIG);
    }
    take(size - file.size());
    file.resize((int) size);
  }

  synchronized int size(Node.File file) {
    return file.size();
  }

  synchronized List<Map.Entry<String, Node>> entries(Node.Directory directory) {
    return List.copyOf(directory.entries.entrySet());
  }

  synchronized void removeFile(Spot spot) {
    requireWritable();
    var file = spot.file();
    spot.parent().entries.remove(spot.name());
    bytes -= cost(spot.name());
    file.removed = true;
    release(file);
  }

  /** Notes that a descriptor refers to the file. */
  synchronized void opened(Node.File file) {
    file.opens++;
  }

  /** Notes that a descriptor does no longer. */
  synchronized void closed(Node.File file) {
    file.opens--;
    release(file);
  }

  /** What was removed while open keeps its bytes, and they count until it is closed. */
  private void release(Node.File file) {
    if (file.removed && file.opens == 0) {
      bytes -= file.size();
      file.resize(0);
    }
  }

  synchronized void removeDirectory(Spot spot) {
    requireWritable();
    var directory = spot.directory();
    if (spot.name().isEmpty()) {
      throw new WasiError(Errno.INVAL);
    }
    if (!directory.entries.isEmpty()) {
      throw new WasiError(Errno.NOTEMPTY);
    }
    spot.parent().entries.remove(spot.name());
    bytes -= cost(spot.name());
  }

  synchronized void move(Spot from, Spot to) {
    requireWritable();
    var node = from.required();
    if (from.name().isEmpty() || to.name().isEmpty()) {
      throw new WasiError(Errno.INVAL);
    }
    if (node == to.node().orElse(null)) {
      return;
    }
    if (node instanceof Node.Directory directory && holds(directory, to.parent())) {
      throw new WasiError(Errno.INVAL);
    }
    if (to.node().isPresent()) {
      clear(node, to);
    }
    take(cost(to.name()) - cost(from.name()));
    from.parent().entries.remove(from.name());
    to.parent().entries.put(to.name(), node);
  }

  private void clear(Node mover, Spot to) {
    if (mover instanceof Node.Directory) {
      removeDirectory(to);
    } else {
      removeFile(to);
    }
  }

  private static boolean holds(Node.Directory outer, Node.Directory inner) {
    var left = new ArrayDeque<Node.Directory>(List.of(outer));
    while (!left.isEmpty()) {
      var next = left.removeLast();
      if (next == inner) {
        return true;
      }
      next.entries.values().stream()
          .filter(Node.Directory.class::isInstance)
          .forEach(node -> left.add((Node.Directory) node));
    }
    return false;
  }

  private void requireFree(Spot spot) {
    requireWritable();
    if (spot.node().isPresent()) {
      throw new WasiError(Errno.EXIST);
    }
  }

  private void requireWritable() {
    if (!writable) {
      throw new WasiError(Errno.ROFS);
    }
  }

  /** A name takes up to two bytes a letter. */
  private static long cost(String name) {
    return ENTRY_BYTES + 2L * name.length();
  }

  private void take(long more) {
    if (more > mostBytes - bytes) {
      throw new WasiError(Errno.NOSPC);
    }
    bytes += more;
  }
}
