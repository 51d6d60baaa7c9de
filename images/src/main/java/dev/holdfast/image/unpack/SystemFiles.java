package dev.holdfast.image.unpack;

import dev.holdfast.image.ImageException;
import dev.holdfast.workbench.AgentIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What every workbench's system must have, put in an image's place of it: the account, the names of
 * hosts, and places to mount on.
 */
final class SystemFiles {
  private static final int MAX_BYTES = 1 << 20;

  private final Kernel kernel;
  private final RootDirectory root;

  SystemFiles(Kernel kernel, RootDirectory root) {
    this.kernel = kernel;
    this.root = root;
  }

  /**
   * Completes the tree.
   *
   * @param user as the image's configuration has it
   * @return who that is
   */
  Account complete(String user) throws IOException {
    Account account = account(user);
    for (String directory : List.of("etc", "home", "home/agent", "var")) {
      directory(directory);
    }
    int uid = account.uid() == 0 ? AgentIds.USUAL : account.uid();
    int gid = account.gid() == 0 ? AgentIds.USUAL : account.gid();
    String users = others(lines("etc/passwd"), uid);
    String groups = others(lines("etc/group"), gid);
    file("etc/passwd", users + "agent:x:%d:%d:agent:/home/agent:/bin/sh\n".formatted(uid, gid));
    file("etc/group", groups + "agent:x:%d:\n".formatted(gid));
    file("etc/hosts", "127.0.0.1 localhost\n");
    file("etc/resolv.conf", "");
    // The image's own could not be written to; /tmp can.
    root.remove(root.directory("var"), "tmp", _ -> false);
    int var = root.directory("var");
    kernel.makeLink("/tmp", var, "tmp");
    kernel.own(var, "tmp", UnpackedOwner.ROOT, UnpackedOwner.ROOT);
    return account;
  }

  private List<String[]> lines(String path) throws IOException {
    return new String(root.read(path, MAX_BYTES), StandardCharsets.ISO_8859_1)
        .lines()
        .map(line -> line.split(":", -1))
        .filter(fields -> fields.length >= 3 && fields[2].matches("[0-9]{1,9}"))
        .toList();
  }

  /** Everybody but those whose place the agent takes. */
  private static String others(List<String[]> lines, int id) {
    return lines.stream()
        .filter(fields -> !fields[0].equals("agent"))
        .filter(fields -> Integer.parseInt(fields[2]) != id)
        .map(fields -> String.join(":", fields) + "\n")
        .collect(Collectors.joining());
  }

  Account account(String user) throws IOException {
    String[] parts = user.split(":", -1);
    if (parts.length > 2) {
      throw unknown(user);
    }
    if (parts[0].isEmpty()) {
      return new Account(0, 0);
    }
    Optional<String[]> line = line("etc/passwd", parts[0]);
    int uid = id(parts[0], line, user);
    int gid =
        parts.length == 2
            ? id(parts[1], line("etc/group", parts[1]), user)
            : line.filter(f -> f.length > 3 && f[3].matches("[0-9]{1,5}"))
                .map(f -> Integer.parseInt(f[3]))
                .orElse(0);
    if (uid >= AgentIds.COUNT || gid >= AgentIds.COUNT) {
      throw new ImageException(
          "the image's user `%s` is not allowed: users and groups are 0 to %d"
              .formatted(user, AgentIds.COUNT - 1));
    }
    return new Account(uid, gid);
  }

  Optional<String> home(int uid) throws IOException {
    return lines("etc/passwd").stream()
        .filter(fields -> Integer.parseInt(fields[2]) == uid && fields.length > 5)
        .map(fields -> fields[5])
        .filter(home -> home.startsWith("/"))
        .findFirst();
  }

  private Optional<String[]> line(String path, String nameOrId) throws IOException {
    List<String[]> lines = lines(path);
    return lines.stream()
        .filter(fields -> fields[0].equals(nameOrId))
        .findFirst()
        .or(() -> lines.stream().filter(fields -> fields[2].equals(nameOrId)).findFirst());
  }

  private static int id(String nameOrId, Optional<String[]> line, String user) {
    if (nameOrId.matches("[0-9]{1,9}")) {
      return Integer.parseInt(nameOrId);
    }
    return line.map(fields -> Integer.parseInt(fields[2])).orElseThrow(() -> unknown(user));
  }

  private static ImageException unknown(String user) {
    return new ImageException(
        "the image's user `%s` is not allowed: its /etc/passwd has no such user".formatted(user));
  }

  void directory(String path) throws IOException {
    Place place = Place.of(path);
    root.unlinked(root.directory(place.parent()), place.name());
    root.forget();
    root.directory(path);
  }

  private void file(String path, String content) throws IOException {
    Place place = Place.of(path);
    root.remove(root.directory(place.parent()), place.name(), _ -> false);
    int flags = Kernel.O_WRONLY | Kernel.O_CREAT | Kernel.O_EXCL;
    int file = kernel.open(root.directory(place.parent()), place.name(), flags, 0600);
    try {
      byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
      kernel.write(file, bytes, bytes.length);
      kernel.own(file, UnpackedOwner.ROOT, UnpackedOwner.ROOT);
      kernel.mode(file, 0644);
    } finally {
      kernel.close(file);
    }
  }
}
