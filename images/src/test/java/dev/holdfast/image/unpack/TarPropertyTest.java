package dev.holdfast.image.unpack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TarPropertyTest {
  private static final UnpackLimits SMALL = new UnpackLimits(1 << 20, 1 << 19, 200, 20, 64 << 10);

  /** Names and targets out of which traps are made. */
  private static final String[] PARTS = {"a", "b", "c", ".", "..", "", "/", "outside", ".wh.a"};

  @Property(tries = 300)
  void whateverALayerHoldsNothingOutsideChanges(@ForAll("layers") List<Tar.Entry> entries)
      throws IOException {
    Path home = Files.createTempDirectory("holdfast-tar");
    try {
      Path root = Files.createDirectories(home.resolve("x/root"));
      Path outside = Files.writeString(home.resolve("x/outside"), "untouched");
      var tar = new Tar();
      entries.forEach(tar::add);
      unpack(root, tar.bytes());
      assertThat(outside).hasContent("untouched");
      try (Stream<Path> beside = Files.list(outside.getParent())) {
        assertThat(beside).containsExactlyInAnyOrder(root, outside);
      }
      assertThat(Files.getAttribute(outside, "unix:nlink")).isEqualTo(1);
    } finally {
      delete(home);
    }
  }

  private static void unpack(Path root, byte[] tar) throws IOException {
    try (var unpacker = new ImageUnpacker(root, SMALL)) {
      unpacker.apply(new ByteArrayInputStream(tar), Digest.of(tar));
      unpacker.complete("");
    } catch (ImageException refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Provide
  Arbitrary<List<Tar.Entry>> layers() {
    Arbitrary<String> path =
        Arbitraries.of(PARTS)
            .list()
            .ofMinSize(1)
            .ofMaxSize(4)
            .map(parts -> String.join("/", parts));
    return Combinators.combine(path, Arbitraries.of('0', '1', '2', '2', '5', '3'), path)
        .as((name, type, link) -> new Tar.Entry(name, type, 0755, 0, link, content(type)))
        .list()
        .ofMaxSize(12);
  }

  private static byte[] content(char type) {
    return type == '0' ? new byte[] {'e', 'v', 'i', 'l'} : new byte[0];
  }

  @Property(tries = 500)
  void noBytesBreakTheReader(@ForAll byte[] bytes) throws IOException {
    var reader = new TarReader(new ByteArrayInputStream(bytes));
    try {
      assertThat(reader.next().isPresent()).isFalse();
    } catch (ImageException refused) {
      assertThat(refused).hasMessageContaining("tar file");
    }
  }

  @Property(tries = 500)
  void aHeaderWithChangedBytesIsReadOrRefused(
      @ForAll byte value, @ForAll @net.jqwik.api.constraints.IntRange(max = 511) int at)
      throws IOException {
    byte[] tar = new Tar().file("name", "content").bytes();
    tar[at] = value;
    var reader = new TarReader(new ByteArrayInputStream(tar));
    try {
      TarEntry entry = reader.next().orElseThrow();
      assertThat(entry.size()).isEqualTo(7);
    } catch (ImageException refused) {
      assertThat(refused).hasMessageContaining("tar file");
    }
  }
}
