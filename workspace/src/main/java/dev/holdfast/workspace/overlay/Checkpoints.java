package dev.holdfast.workspace.overlay;

import dev.holdfast.digest.Sha256;
import dev.holdfast.workspace.CheckpointId;
import dev.holdfast.workspace.Workspace.SavedState;
import dev.holdfast.workspace.WorkspaceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The saved states of one workspace: manifests, and the bytes they name, each stored once. */
final class Checkpoints {
  /** The unit of {@link Stat#blocks()}. */
  private static final int BLOCK = 512;

  private final Path manifests;
  private final Path blobs;
  private final long mostBytes;
  private long added;
  private Optional<Saved> latest = Optional.empty();

  /**
   * @param mostBytes what the saved bytes may take; beyond it the oldest states but the first go
   */
  Checkpoints(Path directory, long mostBytes) throws IOException {
    this.mostBytes = mostBytes;
    this.manifests = Files.createDirectories(directory.resolve("states"));
    this.blobs = Files.createDirectories(directory.resolve("blobs"));
  }

  /** A saved state with its entries, as they were last seen. */
  private record Saved(CheckpointId id, Manifest manifest) {
    Saved seen(SortedMap<String, Manifest.Entry> entries) {
      return new Saved(id, new Manifest(manifest.label(), manifest.changedPaths(), entries));
    }
  }

  /** Saves a state; one that is like the last saved one is that one. */
  CheckpointId save(Node.Folder upper, String label) throws IOException {
    Optional<Saved> last = last();
    SortedMap<String, Manifest.Entry> before =
        last.map(saved -> saved.manifest().entries()).orElseGet(TreeMap::new);
    var entries = new TreeMap<String, Manifest.Entry>();
    added = 0;
    save("", upper, before, entries);
    long changed = changed(before, entries);
    if (last.isPresent() && changed == 0) {
      latest = Optional.of(last.get().seen(entries));
      return last.get().id();
    }
    var id = new CheckpointId(last.map(saved -> saved.id().number() + 1).orElse(0));
    var manifest = new Manifest(clip(label), changed, entries);
    manifest.write(file(id));
    latest = Optional.of(new Saved(id, manifest));
    if (added > 0) {
      keepWithin(id);
    }
    return id;
  }

  /** Drops the oldest states but the first and {@code newest} until the rest fits. */
  private void keepWithin(CheckpointId newest) throws IOException {
    if (stored() <= mostBytes) {
      return;
    }
    List<SavedState> states = list();
    for (SavedState state : states.subList(Math.min(1, states.size()), states.size())) {
      if (state.id().equals(newest) || stored() <= mostBytes) {
        return;
      }
      Files.delete(file(state.id()));
      sweep();
    }
  }

  private long stored() throws IOException {
    long bytes = 0;
    try (Directory directory = Directory.open(blobs)) {
      for (String name : directory.names()) {
        bytes += directory.stat(name).blocks() * BLOCK;
      }
    }
    return bytes;
  }

  /** Removes the bytes that no state names any more. */
  private void sweep() throws IOException {
    var named = new HashSet<String>();
    for (SavedState state : list()) {
      for (Manifest.Entry entry : read(state.id()).entries().values()) {
        named.add(entry.data());
      }
    }
    try (Directory directory = Directory.open(blobs)) {
      for (String name : directory.names()) {
        if (!named.contains(name)) {
          directory.remove(name);
        }
      }
    }
  }

  private Optional<Saved> last() throws IOException {
    if (latest.isEmpty()) {
      List<SavedState> states = list();
      if (!states.isEmpty()) {
        var id = states.getLast().id();
        latest = Optional.of(new Saved(id, read(id)));
      }
    }
    return latest;
  }

  private static String clip(String label) {
    return label.length() > 1000 ? label.substring(0, 1000) : label;
  }

  private static long changed(
      SortedMap<String, Manifest.Entry> before, SortedMap<String, Manifest.Entry> after) {
    long gone = before.keySet().stream().filter(path -> !after.containsKey(path)).count();
    return gone
        + after.entrySet().stream()
            .filter(
                entry -> {
                  Manifest.Entry old = before.get(entry.getKey());
                  return old == null || !old.alike(entry.getValue());
                })
            .count();
  }

  private void save(
      String path,
      Node.Folder folder,
      SortedMap<String, Manifest.Entry> before,
      SortedMap<String, Manifest.Entry> entries)
      throws IOException {
    for (var child : folder.children().entrySet()) {
      String at = Raw.join(path, child.getKey());
      Node node = child.getValue();
      try {
        entries.put(at, entry(node, Optional.ofNullable(before.get(at))));
      } catch (SystemError e) {
        // Deleted or swapped since it was seen; what took its place shows at the next checkpoint.
        if (e.errno() != SystemError.ENOENT
            && e.errno() != SystemError.ELOOP
            && e.errno() != SystemError.ENOTDIR) {
          throw e;
        }
      }
      if (node instanceof Node.Folder deeper) {
        save(at, deeper, before, entries);
      }
    }
  }

  private Manifest.Entry entry(Node node, Optional<Manifest.Entry> before) throws IOException {
    return switch (node) {
      case Node.Folder folder -> new Manifest.Entry(folder.stat(), folder.opaque() ? "y" : "");
      case Node.Link link -> new Manifest.Entry(link.stat(), link.target());
      case Node.Whiteout whiteout -> new Manifest.Entry(whiteout.stat(), "");
      case Node.Special special -> new Manifest.Entry(special.stat(), "");
      case Node.Regular file ->
          before.isPresent() && before.get().untouched(file.stat()) ? before.get() : store(file);
    };
  }

  /** Copies a file's data and names it by its digest; holes are neither read nor stored. */
  private Manifest.Entry store(Node.Regular file) throws IOException {
    Path fresh = Files.createTempFile(blobs, "new", "");
    Files.delete(fresh);
    try (OpenFile source = file.content().open();
        OpenFile target = OpenFile.open(fresh, Kernel.O_RDWR | Kernel.O_CREAT | Kernel.O_EXCL)) {
      Stat stat = source.stat();
      Sparse.copy(source, target);
      String digest = digest(target);
      Path blob = blobs.resolve(digest);
      if (Files.exists(blob)) {
        Files.delete(fresh);
      } else {
        Files.move(fresh, blob);
        added += stat.blocks() * BLOCK;
      }
      // Taken before the copy: a write during it shows as touched at the next checkpoint.
      return new Manifest.Entry(stat, digest);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Over the length and every stretch of data with its position. */
  private static String digest(OpenFile file) throws IOException {
    var hash = Sha256.start();
    long size = file.stat().size();
    hash.update(Long.toString(size).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    var buffer = new byte[1 << 16];
    long at = file.seekData(0);
    while (at >= 0 && at < size) {
      long end = Math.min(file.seekHole(at), size);
      file.seek(at);
      hash.update(("@" + at + ":").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      while (at < end) {
        int n = file.read(buffer, 0, (int) Math.min(buffer.length, end - at));
        if (n < 0) {
          break;
        }
        hash.update(buffer, 0, n);
        at += n;
      }
      at = at < end ? -1 : file.seekData(end);
    }
    return Sha256.hex(hash);
  }

  List<SavedState> list() throws IOException {
    var states = new ArrayList<SavedState>();
    try (Stream<Path> files = Files.list(manifests)) {
      for (Path file : files.filter(f -> f.getFileName().toString().matches("k-[0-9]+")).toList()) {
        Manifest manifest = Manifest.head(file);
        CheckpointId id = CheckpointId.parse(file.getFileName().toString());
        states.add(new SavedState(id, manifest.label(), manifest.changedPaths()));
      }
    }
    states.sort(Comparator.comparing(state -> state.id().number()));
    return states;
  }

  Manifest read(CheckpointId id) throws IOException {
    if (!Files.exists(file(id))) {
      throw new WorkspaceException(
          "checkpoint `%s` does not exist (any more): there are `%s`".formatted(id, names()));
    }
    return Manifest.read(file(id));
  }

  private String names() throws IOException {
    return list().stream().map(state -> state.id().toString()).collect(Collectors.joining("`, `"));
  }

  private Path file(CheckpointId id) {
    return manifests.resolve(id.toString());
  }

  Content blob(String digest) {
    return () -> OpenFile.open(blobs.resolve(digest), 0);
  }

  /** A saved state in the form of an upper directory that can be compared with the base. */
  Node.Folder tree(CheckpointId id) throws IOException {
    Manifest manifest = read(id);
    Stat root = new Stat(040755, 0, 0, 0, 0, 0, 0);
    return new Node.Folder(root, false, children("", manifest.entries()));
  }

  private SortedMap<String, Node> children(String path, SortedMap<String, Manifest.Entry> entries) {
    var children = new TreeMap<String, Node>();
    String prefix = path.isEmpty() ? "" : path + "/";
    // `0` follows `/` in byte order: the range holds exactly what is below the path.
    var below = path.isEmpty() ? entries : entries.subMap(prefix, path + "0");
    for (var entry : below.entrySet()) {
      String name = entry.getKey().substring(prefix.length());
      if (name.indexOf('/') < 0) {
        children.put(name, node(entry.getKey(), entry.getValue(), entries));
      }
    }
    return children;
  }

  private Node node(String path, Manifest.Entry entry, SortedMap<String, Manifest.Entry> entries) {
    Stat stat = Objects.requireNonNull(entry.stat());
    if (stat.isDirectory()) {
      return new Node.Folder(stat, entry.data().equals("y"), children(path, entries));
    }
    if (stat.isFile()) {
      return new Node.Regular(stat, blob(entry.data()));
    }
    if (stat.isLink()) {
      return new Node.Link(stat, entry.data());
    }
    return stat.isWhiteout() ? new Node.Whiteout(stat) : new Node.Special(stat);
  }
}
