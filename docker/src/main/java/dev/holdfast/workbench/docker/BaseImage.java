package dev.holdfast.workbench.docker;

import dev.holdfast.digest.Sha256;
import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.Recipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The small image that every container starts from: the guest, {@code /etc}, and the directories
 * that everything else is mounted on. {@code /etc} is in it because daemons mount files of their
 * own there, which takes a place for each that a read-only mount would not give them.
 */
final class BaseImage {
  private static final String REPOSITORY = "localhost/holdfast-root";
  private static final int READABLE = 0444;
  private static final int EXECUTABLE = 0111;
  private static final int DIRECTORY = 0755;
  private static final int TAG_DIGITS = 32;
  private static final Set<String> ACCOUNTS = Set.of("passwd", "group");

  /** The directories, and modes: runtimes give a memory file system the mode of its place. */
  private static final Map<String, Integer> PLACES = places();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");
  private final Map<String, Integer> moved;

  /**
   * @param moved ids that accounts have in the files of {@code /etc}, and which they shall have
   */
  private BaseImage(Map<String, Integer> moved) {
    this.moved = moved;
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
  }

  private static Map<String, Integer> places() {
    var places = new TreeMap<String, Integer>();
    for (String place :
        List.of("dev", "etc", "home", "home/agent", "proc", "run", "run/holdfast", "var")) {
      places.put(place, DIRECTORY);
    }
    places.put(WorkbenchSpec.WORKSPACE.substring(1), DIRECTORY);
    places.put("tmp", 01777);
    places.put("sys", 0);
    return places;
  }

  /** An archive as {@code docker save} makes them, and a name that follows from what is in it. */
  record Packed(byte[] archive, String name) {}

  /**
   * Packs the image for a root.
   *
   * @param etc the directory that becomes {@code /etc}
   * @param entries what is mounted or linked beside it, as paths of the host
   */
  static Packed pack(Path guest, Path etc, Set<Path> entries, Root root, Identity identity)
      throws IOException {
    var image = new BaseImage(moved(root.agent(), identity));
    for (var place : PLACES.entrySet()) {
      image.directory(place.getKey(), place.getValue());
    }
    image.entries(entries);
    image.tree(etc);
    image.file(Recipe.GUEST.substring(1), Files.readAllBytes(guest), READABLE | EXECUTABLE);
    image.tar.close();
    return asSaved(image.bytes.toByteArray());
  }

  private static Packed asSaved(byte[] layer) throws IOException {
    String digest = Sha256.hex(layer);
    String name = REPOSITORY + ":" + digest.substring(0, TAG_DIGITS);
    String processor = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    String config =
        """
        {"architecture":"%s","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}
        """
            .formatted(processor, digest);
    String manifest =
        """
        [{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]
        """
            .formatted(name);
    var saved = new BaseImage(Map.of());
    saved.file("config.json", config.getBytes(StandardCharsets.UTF_8), READABLE);
    saved.file("layer.tar", layer, READABLE);
    saved.file("manifest.json", manifest.getBytes(StandardCharsets.UTF_8), READABLE);
    saved.tar.close();
    return new Packed(saved.bytes.toByteArray(), name);
  }

  private static Map<String, Integer> moved(AgentIds agent, Identity identity) {
    var moved = new TreeMap<String, Integer>();
    moved.put("passwd:" + agent.uid(), identity.uid());
    moved.put("group:" + agent.gid(), identity.gid());
    return moved;
  }

  private void entries(Set<Path> entries) throws IOException {
    boolean ownVar = true;
    for (Path entry : entries) {
      String name = entry.getFileName().toString();
      ownVar &= !name.equals("var");
      if (Files.isSymbolicLink(entry)) {
        link(name, Files.readSymbolicLink(entry).toString());
      } else if (Files.isDirectory(entry) && !PLACES.containsKey(name)) {
        directory(name, DIRECTORY);
      } else if (Files.isRegularFile(entry)) {
        file(name, new byte[0], READABLE);
      }
    }
    if (ownVar) {
      link("var/tmp", "/tmp");
    }
  }

  /** All of it belongs to root inside; what others may not read stays unread. */
  private void tree(Path etc) throws IOException {
    try (Stream<Path> paths = Files.walk(etc)) {
      for (Path path : paths.sorted().skip(1).toList()) {
        String name = "etc/" + etc.relativize(path);
        if (Files.isSymbolicLink(path)) {
          link(name, Files.readSymbolicLink(path).toString());
        } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
          directory(name, DIRECTORY);
        } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
          int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
          file(name, content(path, etc), mode & (READABLE | EXECUTABLE));
        }
      }
    }
  }

  private byte[] content(Path path, Path etc) throws IOException {
    byte[] content = Files.readAllBytes(path);
    String name = etc.relativize(path).toString();
    if (!ACCOUNTS.contains(name)) {
      return content;
    }
    var text = new StringBuilder();
    new String(content, StandardCharsets.UTF_8)
        .lines()
        .forEach(line -> text.append(account(name, line)).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A line of {@code passwd} or {@code group}: the third field is the account's id. */
  private String account(String file, String line) {
    String[] fields = line.split(":", -1);
    if (fields.length < 4) {
      return line;
    }
    fields[2] = id(file, fields[2]);
    if (file.equals("passwd")) {
      fields[3] = id("group", fields[3]);
    }
    return String.join(":", fields);
  }

  private String id(String file, String id) {
    Integer other = moved.get(file + ":" + id);
    return other == null ? id : other.toString();
  }

  private void directory(String name, int mode) throws IOException {
    put(new TarArchiveEntry(name + "/"), mode, new byte[0]);
  }

  private void link(String name, String target) throws IOException {
    var entry = new TarArchiveEntry(name, TarArchiveEntry.LF_SYMLINK);
    entry.setLinkName(target);
    put(entry, 0777, new byte[0]);
  }

  private void file(String name, byte[] content, int mode) throws IOException {
    var entry = new TarArchiveEntry(name);
    entry.setSize(content.length);
    put(entry, mode, content);
  }

  private void put(TarArchiveEntry entry, int mode, byte[] content) throws IOException {
    entry.setMode(mode);
    entry.setIds(0, 0);
    entry.setNames("root", "root");
    entry.setModTime(0);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }
}
