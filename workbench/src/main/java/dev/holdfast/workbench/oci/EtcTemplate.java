package dev.holdfast.workbench.oci;

import dev.holdfast.files.HostFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The {@code /etc} of every workbench: accounts and names made here, and of the host's only what
 * its programs in {@code /usr} cannot run without. Everything else may hold a secret and stays out.
 */
final class EtcTemplate {
  /** Changes whenever what is generated does; part of the directory's name. */
  private static final String VERSION = "1";

  /** What is taken over from the host, as patterns below /etc, each with its reason. */
  private static final Map<String, String> TAKEN = taken();

  private static final Set<PosixFilePermission> READABLE_DIRECTORY =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private EtcTemplate() {}

  private static Map<String, String> taken() {
    var taken = new LinkedHashMap<String, String>();
    taken.put("alternatives", "links from /usr/bin lead through it");
    taken.put("ld.so.{cache,conf,conf.d}", "the dynamic linker finds libraries with it");
    taken.put("{localtime,timezone}", "the time zone");
    taken.put("ssl/{certs,openssl.cnf}", "public certificates; not ssl/private");
    taken.put("ca-certificates.conf", "which certificates those are");
    taken.put("{java*,.java}", "the JDK in /usr keeps its configuration there");
    taken.put("maven", "Maven in /usr/share keeps its configuration there");
    taken.put("{python*,perl,php,ruby*,lua}", "interpreters keep start-up files there");
    taken.put("{os-release,debian_version,lsb-release}", "which system this is");
    taken.put("{mime.types,magic,magic.mime,services,protocols,rpc}", "tables of public names");
    taken.put("{inputrc,terminfo,profile,bash.bashrc,shells}", "shells and terminals");
    taken.put("{fonts,X11/fonts}", "font lists, for programs that draw");
    taken.put("{sgml,xml}", "catalogs of documents in /usr/share");
    return taken;
  }

  /** The directory with the finished template, made at the first use. */
  static Path in(Path rootfs) throws IOException {
    Path finished = rootfs.resolve("etc-" + VERSION + "-" + stamp());
    if (Files.isDirectory(finished)) {
      return finished;
    }
    Path draft = Files.createTempDirectory(rootfs, ".etc-");
    try {
      fill(draft);
      Files.move(draft, finished, StandardCopyOption.ATOMIC_MOVE);
    } catch (java.nio.file.FileSystemException raced) {
      if (!Files.isDirectory(finished)) {
        throw raced;
      }
    } finally {
      HostFiles.delete(draft);
    }
    return finished;
  }

  /** A new one is made when packages have changed what was taken over. */
  private static String stamp() throws IOException {
    long newest = 0;
    for (String name : List.of("ld.so.cache", "alternatives", "ssl/certs")) {
      Path path = Path.of("/etc", name);
      if (Files.exists(path)) {
        newest = Math.max(newest, Files.getLastModifiedTime(path).toMillis());
      }
    }
    return Long.toString(newest, 36);
  }

  private static void fill(Path draft) throws IOException {
    Files.setPosixFilePermissions(draft, READABLE_DIRECTORY);
    takeOver(Path.of("/etc"), draft);
    for (var file : generated().entrySet()) {
      Files.writeString(draft.resolve(file.getKey()), file.getValue());
    }
    Files.createSymbolicLink(draft.resolve("mtab"), Path.of("/proc/mounts"));
  }

  private static Map<String, String> generated() {
    return Map.of(
        "passwd",
        """
        root:x:0:0:root:/nonexistent:/usr/sbin/nologin
        agent:x:1000:1000:agent:/home/agent:/bin/sh
        nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
        """,
        "group",
        """
        root:x:0:
        tty:x:5:
        agent:x:1000:
        nogroup:x:65534:
        """,
        "nsswitch.conf",
        """
        passwd: files
        group: files
        shadow: files
        hosts: files
        services: files
        protocols: files
        networks: files
        """,
        "hosts",
        "127.0.0.1 localhost\n",
        "resolv.conf",
        "",
        "host.conf",
        "multi on\n");
  }

  private static void takeOver(Path etc, Path draft) throws IOException {
    for (String pattern : TAKEN.keySet()) {
      int slash =
          pattern.contains("{") && pattern.indexOf('/') > pattern.indexOf('{')
              ? -1
              : pattern.indexOf('/');
      Path parent = slash < 0 ? etc : etc.resolve(pattern.substring(0, slash));
      if (!Files.isDirectory(parent)) {
        continue;
      }
      try (DirectoryStream<Path> matches =
          Files.newDirectoryStream(parent, pattern.substring(slash + 1))) {
        for (Path match : matches) {
          copy(etc, match, draft);
        }
      }
    }
  }

  private static void copy(Path etc, Path source, Path draft) throws IOException {
    Files.createDirectories(draft.resolve(etc.relativize(source)).getParent());
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            if (!isPublic(directory)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(draft.resolve(etc.relativize(directory)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            boolean file1 = attributes.isRegularFile() && isPublic(file);
            if (file1 || attributes.isSymbolicLink()) {
              Files.copy(file, draft.resolve(etc.relativize(file)), LinkOption.NOFOLLOW_LINKS);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** What every user of the host can read is no secret. */
  private static boolean isPublic(Path path) throws IOException {
    return Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)
        .contains(PosixFilePermission.OTHERS_READ);
  }
}
