package dev.holdfast.image.unpack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.image.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What GNU tar writes is unpacked as GNU tar would. */
@Timeout(60)
class GnuTarTest {
  @TempDir Path home;

  @ParameterizedTest
  @ValueSource(strings = {"v7", "oldgnu", "gnu", "ustar", "posix"})
  void everyFormatOfItIsRead(String format) throws Exception {
    Path tree = Files.createDirectories(home.resolve("tree"));
    String deep = "directory-with-a-name/".repeat(format.equals("v7") ? 3 : 6);
    Files.createDirectories(tree.resolve(deep));
    Files.writeString(tree.resolve(deep).resolve("file"), "deep");
    Files.writeString(tree.resolve("empty"), "");
    Files.write(tree.resolve("large"), new byte[70_001]);
    Files.createSymbolicLink(tree.resolve("link"), Path.of("large"));
    Files.createLink(tree.resolve("same"), tree.resolve("large"));
    if (format.endsWith("gnu") || format.equals("posix")) {
      Path full = tree.resolve("n".repeat(255));
      Files.writeString(full, "long name");
      Files.createSymbolicLink(tree.resolve("far"), Path.of("t/".repeat(100)));
    }
    Path tar = home.resolve("t.tar");
    Process process =
        new ProcessBuilder(
                "tar",
                "--format=" + format,
                "--owner=7",
                "--group=8",
                "--numeric-owner",
                "-C",
                tree.toString(),
                "-cf",
                tar.toString(),
                ".")
            .inheritIO()
            .start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0).isTrue();

    byte[] bytes = Files.readAllBytes(tar);
    Path root = Files.createDirectories(home.resolve("root"));
    try (var unpacker = new ImageUnpacker(root, UnpackLimits.DEFAULT)) {
      unpacker.apply(new ByteArrayInputStream(bytes), Digest.of(bytes));
    }
    assertThat(listing(root)).isEqualTo(listing(tree));
    assertThat(Files.getAttribute(root.resolve("same"), "unix:nlink")).isEqualTo(2);
    assertThat(Files.getAttribute(root.resolve("large"), "unix:uid"))
        .isEqualTo(UnpackedOwner.ROOT + 7);
  }

  private static Map<String, String> listing(Path tree) throws IOException {
    var listing = new TreeMap<String, String>();
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.filter(p -> !p.equals(tree)).toList()) {
        listing.put(tree.relativize(path).toString(), describe(path));
      }
    }
    return listing;
  }

  private static String describe(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return "link to " + Files.readSymbolicLink(path);
    }
    Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return Files.isDirectory(path)
        ? "directory " + mode
        : "file %s %s %s"
            .formatted(
                mode,
                Digest.of(Files.readAllBytes(path)),
                Files.getLastModifiedTime(path).to(TimeUnit.SECONDS));
  }
}
