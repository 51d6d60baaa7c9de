package dev.holdfast.image.unpack;

import dev.holdfast.image.ImageException;
import java.util.HashMap;
import java.util.Map;

/** What the headers before an entry say of it. */
final class TarExtra {
  private final Map<String, String> records = new HashMap<>();
  private String name = "";
  private String link = "";

  TarExtra(Map<String, String> globals) {
    records.putAll(globals);
  }

  void globals(Map<String, String> more) {
    more.forEach(records::putIfAbsent);
  }

  void records(Map<String, String> more) {
    records.putAll(more);
  }

  void longName(String content) {
    name = untilNul(content);
  }

  void longLink(String content) {
    link = untilNul(content);
  }

  private static String untilNul(String content) {
    int end = content.indexOf(0);
    return end < 0 ? content : content.substring(0, end);
  }

  TarEntry apply(TarHeader header) {
    if (header.type() == 'S'
        || records.keySet().stream().anyMatch(k -> k.startsWith("GNU.sparse"))) {
      throw new ImageException(
          "the tar file is not allowed: sparse files are read differently by different programs");
    }
    String path = records.getOrDefault("path", name.isEmpty() ? header.name() : name);
    TarEntry.Kind kind = kind(header.type(), path);
    boolean hasContent = kind == TarEntry.Kind.FILE;
    long size = number("size", header.size());
    return new TarEntry(
        path,
        kind,
        // Links and directories of some writers carry a size and no content; the rest is refused.
        hasContent ? size : 0,
        header.mode(),
        number("uid", header.uid()),
        number("gid", header.gid()),
        seconds(header.modified()),
        records.getOrDefault("linkpath", link.isEmpty() ? header.link() : link),
        records.keySet().stream().anyMatch(key -> key.startsWith("SCHILY.xattr.")));
  }

  private static TarEntry.Kind kind(char type, String path) {
    return switch (type) {
      case '0', '7', 0 -> path.endsWith("/") ? TarEntry.Kind.DIRECTORY : TarEntry.Kind.FILE;
      case '1' -> TarEntry.Kind.HARD_LINK;
      case '2' -> TarEntry.Kind.SYMLINK;
      case '3', '4', '6' -> TarEntry.Kind.DEVICE;
      case '5' -> TarEntry.Kind.DIRECTORY;
      default ->
          throw new ImageException(
              "the tar file is not allowed: `%s` has the unknown type `%s`"
                  .formatted(TarEntry.readable(path), Integer.toHexString(type)));
    };
  }

  private long number(String key, long otherwise) {
    String value = records.get(key);
    if (value == null) {
      return otherwise;
    }
    if (!value.matches("[0-9]{1,18}")) {
      throw new ImageException(
          "the tar file is not allowed: PAX field `%s` is no number from 0".formatted(key));
    }
    return Long.parseLong(value);
  }

  private long seconds(long otherwise) {
    String value = records.getOrDefault("mtime", Long.toString(otherwise));
    int point = value.indexOf('.');
    String whole = point < 0 ? value : value.substring(0, point);
    if (!whole.matches("-?[0-9]{1,18}")) {
      throw new ImageException("the tar file is not allowed: `mtime` is no time");
    }
    return Long.parseLong(whole);
  }
}
