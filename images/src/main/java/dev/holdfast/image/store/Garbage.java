package dev.holdfast.image.store;

import dev.holdfast.files.HostFiles;
import dev.holdfast.image.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Removes what no name leads to any more. The store's lock is held while it does. */
public final class Garbage {
  /** How long the beginning of a content that did not arrive whole is worth keeping. */
  private static final Duration PART_AGE = Duration.ofDays(1);

  private final StoreLayout layout;
  private final Names names;

  Garbage(StoreLayout layout, Names names) {
    this.layout = layout;
    this.names = names;
  }

  /**
   * What was removed, or would be.
   *
   * @param names of images
   * @param contents manifests, configurations and layers
   * @param trees laid-out images
   * @param bytes of all of it on the disk
   */
  public record Removed(List<String> names, int contents, int trees, long bytes) {
    public Removed {
      names = List.copyOf(names);
    }
  }

  Removed collect(Predicate<Instant> unusedSince, boolean dry) throws IOException {
    Set<Digest> used = Use.living(layout);
    var gone = new ArrayList<String>();
    for (Names.Entry entry : names.all()) {
      if (unusedSince.test(names.used(entry.name())) && !used.contains(entry.manifest())) {
        gone.add(entry.name());
        if (!dry) {
          names.remove(entry.name());
        }
      }
    }
    Set<Digest> kept = names.reachable();
    kept.addAll(used);
    List<Path> contents = below(layout.blobs(), path -> !kept.contains(digest(path)));
    List<Path> trees =
        below(
            layout.trees(),
            path -> !path.getFileName().toString().startsWith(".") && !kept.contains(digest(path)));
    long bytes = 0;
    for (Path path : Stream.concat(contents.stream(), trees.stream()).toList()) {
      bytes += size(path);
      if (!dry) {
        remove(path);
      }
    }
    if (!dry) {
      removeParts();
    }
    return new Removed(gone, contents.size(), trees.size(), bytes);
  }

  private static Digest digest(Path path) {
    return new Digest(path.getFileName().toString());
  }

  private static List<Path> below(Path directory, Predicate<Path> chosen) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.filter(chosen).toList();
    }
  }

  /** A tree is renamed first: it is whole or not there, also when this process dies meanwhile. */
  private void remove(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      Path dying = layout.trees().resolve(".dying-" + path.getFileName());
      HostFiles.delete(dying);
      Files.move(path, dying);
      HostFiles.delete(dying);
    } else {
      Files.deleteIfExists(path);
    }
  }

  private void removeParts() throws IOException {
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(layout.incoming(), "*.part")) {
      for (Path part : parts) {
        if (Files.getLastModifiedTime(part).toInstant().isBefore(Instant.now().minus(PART_AGE))) {
          Files.deleteIfExists(part);
        }
      }
    }
    for (Path dying : below(layout.trees(), p -> p.getFileName().toString().startsWith(".dying"))) {
      HostFiles.delete(dying);
    }
  }

  static long size(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return Files.size(path);
    }
    try (Stream<Path> all = Files.walk(path)) {
      long bytes = 0;
      for (Path each : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        bytes += Files.size(each);
      }
      return bytes;
    }
  }
}
