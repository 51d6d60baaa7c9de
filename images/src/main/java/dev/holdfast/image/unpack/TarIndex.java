package dev.holdfast.image.unpack;

import dev.holdfast.image.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Where the files of a tar file are in it. */
public final class TarIndex {
  private static final int MOST_ENTRIES = 10_000;

  private final Map<String, Span> files = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();

  private TarIndex() {}

  /** A file's content, as bytes of the tar file. */
  public record Span(long offset, long size) {}

  /** Reads a tar file to its end. */
  public static TarIndex read(InputStream in) throws IOException {
    var index = new TarIndex();
    var reader = new TarReader(in);
    int count = 0;
    for (Optional<TarEntry> next = reader.next(); next.isPresent(); next = reader.next()) {
      if (++count > MOST_ENTRIES) {
        throw new ImageException(
            "the archive is not allowed: it has more than %d entries".formatted(MOST_ENTRIES));
      }
      index.add(next.get(), reader.position());
    }
    return index;
  }

  private void add(TarEntry entry, long offset) {
    Place place = Place.of(entry.name());
    String name = place.parent().isEmpty() ? place.name() : place.parent() + "/" + place.name();
    // Of two files with one name none is the right one.
    boolean twice = files.containsKey(name) || links.containsKey(name);
    switch (entry.kind()) {
      case FILE -> files.put(name, new Span(offset, entry.size()));
      case SYMLINK, HARD_LINK -> links.put(name, target(place, entry));
      case DIRECTORY, DEVICE -> {
        return;
      }
    }
    if (twice) {
      throw new ImageException("the archive is not allowed: it has `%s` twice".formatted(entry));
    }
  }

  private static String target(Place place, TarEntry entry) {
    return entry.kind() == TarEntry.Kind.HARD_LINK
        ? entry.linkName()
        : Path.of("/" + place.parent())
            .resolve(entry.linkName())
            .normalize()
            .toString()
            .substring(1);
  }

  /** A file, or what the link of that name leads to in the archive. */
  public Optional<Span> find(String name) {
    String target = links.getOrDefault(name, name);
    return Optional.ofNullable(files.get(target));
  }
}
