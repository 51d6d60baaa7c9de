package dev.holdfast.image.unpack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.registry.TestImage;
import dev.holdfast.workbench.AgentIds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Layers made to escape, to overwrite, to fill, or to confuse. */
@Timeout(60)
class HostileLayerTest {
  private static final UnpackLimits SMALL = new UnpackLimits(1 << 20, 1 << 19, 100, 20, 64 << 10);

  @TempDir Path home;
  private Path root = Path.of("/");
  private Path outside = Path.of("/");

  @BeforeEach
  void prepare() throws IOException {
    root = Files.createDirectories(home.resolve("a/b/root"));
    outside = Files.writeString(home.resolve("a/b/outside"), "untouched");
  }

  @AfterEach
  void nothingOutsideIsTouched() throws IOException {
    assertThat(outside).hasContent("untouched");
    try (Stream<Path> siblings = Files.list(outside.getParent())) {
      assertThat(siblings).containsExactlyInAnyOrder(root, outside);
    }
  }

  private Unpacked unpack(UnpackLimits limits, byte[]... tars) throws IOException {
    try (var unpacker = new ImageUnpacker(root, limits)) {
      for (byte[] tar : tars) {
        unpacker.apply(new ByteArrayInputStream(TestImage.gzip(tar)), Digest.of(tar));
      }
      return unpacker.total();
    }
  }

  private Unpacked unpack(Tar... tars) throws IOException {
    return unpack(SMALL, Arrays.stream(tars).map(Tar::bytes).toArray(byte[][]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside", "x/../../outside", "/../outside", "..", "a/..", "x/../y"})
  void aPathThatClimbsIsRefused(String path) {
    assertThatThrownBy(() -> unpack(new Tar().file(path, "evil")))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("`..` could lead out");
    assertThatThrownBy(() -> unpack(new Tar().file("f", "x").hardLink("g", path)))
        .isInstanceOf(ImageException.class);
  }

  @Test
  void anAbsolutePathIsBelowTheRoot() throws IOException {
    unpack(new Tar().file("/etc/x", "in"), new Tar().file("//etc//./y", "in"));
    assertThat(root.resolve("etc/x")).hasContent("in");
    assertThat(root.resolve("etc/y")).hasContent("in");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../..", "/", "../../../../../../..", "/proc/self/root", "/proc/self/cwd"})
  void aLinkOutwardsLeadsNowhereElse(String target) throws IOException {
    try {
      unpack(new Tar().symlink("link", target).file("link/outside", "evil"));
      assertThat(root.resolve("outside")).as("`..` of the root is the root").hasContent("evil");
    } catch (ImageException deadEnd) {
      assertThat(target).startsWith("/proc");
    }
  }

  @Test
  void aLinkToAnOutsideDirectoryByItsPathLeadsBelowTheRoot() throws IOException {
    String target = root.resolveSibling("x").toString().replace("/x", "");
    assertThatThrownBy(() -> unpack(new Tar().symlink("link", target).file("link/outside", "evil")))
        .isInstanceOf(ImageException.class);
    root = Files.createDirectories(root);
  }

  @Test
  void aFileReplacesALinkAndDoesNotWriteThroughIt() throws IOException {
    unpack(
        new Tar().symlink("f", outside.toString()).symlink("g", "../outside"),
        new Tar().file("f", "evil").file("g", "evil"));
    assertThat(root.resolve("f")).isRegularFile().hasContent("evil");
    assertThat(Files.isSymbolicLink(root.resolve("f"))).isFalse();
  }

  @Test
  void aDirectoryReplacesALinkAndItsModeIsNotTheTargets() throws IOException {
    unpack(
        new Tar().directory("real", 0700, 5).symlink("d", "real").file("d/one", "1"),
        new Tar().directory("d", 0755, 7).file("d/two", "2"));
    assertThat(root.resolve("real/one")).hasContent("1");
    assertThat(root.resolve("d/two")).hasContent("2");
    assertThat(root.resolve("real/two")).doesNotExist();
    assertThat(Files.getAttribute(root.resolve("real"), "unix:uid")).isEqualTo(AgentIds.FIRST + 5);
  }

  @Test
  void aHardLinkReachesNothingOutside() throws IOException {
    assertThatThrownBy(() -> unpack(new Tar().hardLink("x", outside.toString())))
        .isInstanceOf(ImageException.class);
    assertThatThrownBy(
            () -> unpack(new Tar().symlink("up", "../..").hardLink("x", "up/a/b/outside")))
        .isInstanceOf(ImageException.class);
    assertThatThrownBy(() -> unpack(new Tar().symlink("l", "/").hardLink("x", "l/etc/shadow")))
        .isInstanceOf(ImageException.class);
  }

  @Test
  void aHardLinkToALinkIsTheLinkItself() throws IOException {
    unpack(new Tar().symlink("s", "../outside").hardLink("h", "s"), new Tar().file("h", "new"));
    assertThat(Files.readSymbolicLink(root.resolve("s"))).hasToString("../outside");
    assertThat(root.resolve("h")).hasContent("new");
  }

  @ParameterizedTest
  @ValueSource(strings = {"d", "x", "", "/"})
  void aHardLinkToSomethingElseIsRefused(String target) {
    assertThatThrownBy(() -> unpack(new Tar().directory("d").hardLink("x", target)))
        .isInstanceOf(ImageException.class);
  }

  @Test
  void devicesAreLeftOut() throws IOException {
    var unpacked =
        unpack(
            new Tar().device("dev/mem", '3').device("sda", '4').device("pipe", '6').file("f", ""));
    assertThat(unpacked.devices()).isEqualTo(3);
    try (Stream<Path> files = Files.list(root)) {
      assertThat(files).containsExactly(root.resolve("f"));
    }
  }

  @Test
  void rightsBeyondTheUsersOwnAreLeftOut() throws IOException {
    var unpacked =
        unpack(
            new Tar()
                .file("su", new byte[1], 06755, 0)
                .directory("d", 03777, 0)
                .pax("SCHILY.xattr.security.capability", "x")
                .file("ping", "x"));
    assertThat(Files.getAttribute(root.resolve("su"), "unix:mode")).isEqualTo(0100755);
    assertThat(Files.getAttribute(root.resolve("d"), "unix:mode")).isEqualTo(0041777);
    assertThat(unpacked.setIds()).isEqualTo(2);
    assertThat(unpacked.attributes()).isEqualTo(1);
  }

  @Test
  void nobodyOfTheHostOwnsWhatIsUnpacked() throws IOException {
    unpack(
        new Tar()
            .file("x/y/f", new byte[1], 0600, 0)
            .file("g", new byte[1], 0600, 1000)
            .symlink("l", "g"));
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.filter(p -> !p.equals(root)).toList()) {
        int uid = (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        assertThat(uid - AgentIds.FIRST).isEqualTo(path.endsWith("g") ? 1000 : 0);
      }
    }
    assertThatThrownBy(() -> unpack(new Tar().file("h", new byte[1], 0600, 65_536)))
        .hasMessageContaining("owner `65536` of `h`");
    assertThatThrownBy(() -> unpack(new Tar().pax("uid", "4294967295").file("h", "")))
        .isInstanceOf(ImageException.class);
  }

  @Test
  void whiteoutsHideTheLowerLayersOnly() throws IOException {
    unpack(
        new Tar().file("a/old", "1").file("a/kept", "1").file("b/old", "1").file("c/x/y", "1"),
        new Tar()
            .file("a/.wh.old", "")
            .file("b/new", "2")
            .file("b/.wh..wh..opq", "")
            .file(".wh.c", "")
            .file("d", "2")
            .file(".wh.d", ""));
    assertThat(root.resolve("a/old")).doesNotExist();
    assertThat(root.resolve("a/kept")).exists();
    assertThat(root.resolve("b/old")).doesNotExist();
    assertThat(root.resolve("b/new")).hasContent("2");
    assertThat(root.resolve("c")).doesNotExist();
    assertThat(root.resolve("d")).hasContent("2");
  }

  @Test
  void aWhiteoutOfADirectoryThatTheLayerMakesAnewEmptiesIt() throws IOException {
    unpack(
        new Tar().file("a/old", "1"),
        new Tar().directory("a").file("a/new", "2").file(".wh.a", ""));
    assertThat(root.resolve("a/old")).doesNotExist();
    assertThat(root.resolve("a/new")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {".wh.", ".wh..", ".wh...", "x/.wh.."})
  void aWhiteoutThatNamesNoFileIsRefused(String name) {
    assertThatThrownBy(() -> unpack(new Tar().directory("x").file(name, "")))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("whiteout");
  }

  @Test
  void aWhiteoutThroughALinkHidesNothingOutside() throws IOException {
    unpack(new Tar().symlink("up", "../.."), new Tar().file("up/.wh.outside", ""));
    unpack(new Tar().symlink("up2", ".."), new Tar().file("up2/.wh..wh..opq", ""));
    assertThat(outside).exists();
  }

  @Test
  void bytesHaveALimit() {
    var tar = new Tar();
    for (int i = 0; i < 5; i++) {
      tar.file("f" + i, new byte[300_000], 0644, 0);
    }
    var loose = new UnpackLimits(1 << 20, 1 << 19, 100, 100_000, 1 << 30);
    assertThatThrownBy(() -> unpack(loose, tar.bytes()))
        .hasMessageContaining("unpacked it has more than 1048576 bytes");
    assertThatThrownBy(() -> unpack(loose, new Tar().file("f", new byte[600_000], 0, 0).bytes()))
        .hasMessageContaining("`f` of the image is not allowed: it has more than 524288 bytes");
    assertThat(root.resolve("f")).doesNotExist();
  }

  @Test
  void entriesHaveALimit() {
    var tar = new Tar();
    for (int i = 0; i < 101; i++) {
      tar.file("f" + i, "");
    }
    assertThatThrownBy(() -> unpack(tar)).hasMessageContaining("more than 100 entries");
  }

  @Test
  void aBombIsNotUnpacked() {
    assertThatThrownBy(() -> unpack(new Tar().file("zeros", new byte[400_000], 0644, 0)))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("more than 20 times as large");
    // Behind the end of the tar file, where only the digest looks.
    byte[] tail = Arrays.copyOf(new Tar().bytes(), 4_000_000);
    assertThatThrownBy(() -> unpack(SMALL, tail)).hasMessageContaining("more than 20 times");
  }

  @Test
  void aSizeThatIsNotThereIsRefused() {
    var entry = new Tar.Entry("f", '0', 0644, 0, "", new byte[10]);
    assertThatThrownBy(() -> unpack(SMALL, new Tar().add(entry, 100_000).unfinished()))
        .hasMessageContaining("ends in the middle");
    assertThatThrownBy(() -> unpack(SMALL, Arrays.copyOf(new Tar().file("f", "x").bytes(), 700)))
        .hasMessageContaining("ends in the middle");
  }

  @Test
  void aTreeThatIsTooDeepIsRefused() {
    assertThatThrownBy(() -> unpack(new Tar().pax("path", "d/".repeat(300) + "f").file("x", "")))
        .hasMessageContaining("at most 200 levels");
    // Through links, no single path of it is long.
    var tar = new Tar().directory("0");
    for (int i = 0; i < 9; i++) {
      tar.directory(i + "/" + "d/".repeat(30))
          .symlink(Integer.toString(i + 1), i + "/" + "d/".repeat(30));
    }
    assertThatThrownBy(() -> unpack(tar)).hasMessageContaining("at most 200 levels");
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 5000})
  void aNameHasALimit(int length) {
    assertThatThrownBy(() -> unpack(new Tar().pax("path", "n".repeat(length)).file("x", "")))
        .isInstanceOf(ImageException.class);
  }

  @Test
  void linksInACircleEnd() {
    assertThatThrownBy(() -> unpack(new Tar().symlink("a", "b").symlink("b", "a").file("a/f", "")))
        .isInstanceOf(ImageException.class);
  }

  @Test
  void aFileInTheWayOfADirectoryIsRefused() {
    assertThatThrownBy(() -> unpack(new Tar().file("f", "x").file("f/g", "y")))
        .isInstanceOf(ImageException.class);
  }

  @Test
  void whatReadersDisagreeAboutIsRefused() {
    assertThatThrownBy(() -> unpack(new Tar().device("s", 'S'))).hasMessageContaining("sparse");
    assertThatThrownBy(
            () -> unpack(new Tar().pax("GNU.sparse.major", "1").pax("x", "y").file("s", "")))
        .hasMessageContaining("sparse");
    assertThatThrownBy(() -> unpack(new Tar().device("s", 'Z'))).hasMessageContaining("type");
    assertThatThrownBy(() -> unpack(new Tar().file(".", "root is a file")))
        .hasMessageContaining("root must be a directory");
    assertThatThrownBy(() -> unpack(new Tar().pax("size", "-1").file("s", "")))
        .hasMessageContaining("no number");
    assertThatThrownBy(() -> unpack(new Tar().pax("path", "a\0b").file("s", "")))
        .isInstanceOf(ImageException.class);
  }

  @Test
  void aLayerThatIsAnotherIsRefused() {
    byte[] tar = new Tar().file("f", "x").bytes();
    assertThatThrownBy(() -> unpackAs(tar, Digest.of(new byte[0])))
        .hasMessageContaining("a layer unpacks to");
  }

  static Stream<byte[]> compressed() {
    byte[] tar = new Tar().file("f", "x".repeat(5000)).bytes();
    return Stream.of(TestImage.gzip(tar), Zstd.compress(tar), checked(tar));
  }

  /** With a checksum at the end, as the program {@code zstd} writes it. */
  private static byte[] checked(byte[] content) {
    try (var zstd = new ZstdCompressCtx()) {
      return zstd.setChecksum(true).compress(content);
    }
  }

  @ParameterizedTest
  @MethodSource("compressed")
  void aDamagedLayerIsRefused(byte[] layer) {
    for (int at = 0; at < layer.length; at++) {
      byte[] damaged = layer.clone();
      damaged[at] ^= 0x55;
      assertThatThrownBy(() -> unpackAs(damaged, Digest.of(new byte[0])))
          .isInstanceOf(ImageException.class);
      byte[] cut = Arrays.copyOf(layer, at);
      assertThatThrownBy(() -> unpackAs(cut, Digest.of(layer))).isInstanceOf(ImageException.class);
    }
  }

  private void unpackAs(byte[] layer, Digest digest) throws IOException {
    try (var unpacker = new ImageUnpacker(root, SMALL)) {
      unpacker.apply(new ByteArrayInputStream(layer), digest);
    }
  }

  @Test
  void howALayerIsCompressedMakesNoDifference() throws IOException {
    byte[] tar = new Tar().file("f", "x".repeat(5000)).bytes();
    for (byte[] layer : compressed().toList()) {
      unpackAs(layer, Digest.of(tar));
      assertThat(root.resolve("f")).hasContent("x".repeat(5000));
    }
    unpackAs(tar, Digest.of(tar));
  }

  /** A window of 2 GiB, declared by a frame of a few bytes (RFC 8878, 3.1.1.1.2). */
  @Test
  void aLayerThatWantsTooMuchMemoryIsRefused() {
    byte[] greedy = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (21 << 3), 1, 0, 0};
    assertThatThrownBy(() -> unpackAs(greedy, Digest.of(new byte[0])))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("memory");
  }

  @Test
  void theSystemsFilesAreTheWorkbenchsWhateverTheImageHasThere() throws IOException {
    try (var unpacker = new ImageUnpacker(root, SMALL)) {
      byte[] tar =
          new Tar()
              .symlink("etc", root.resolveSibling("x").toString().replace("/x", ""))
              .symlink("home", "..")
              .symlink("var", "/var")
              .bytes();
      unpacker.apply(new ByteArrayInputStream(tar), Digest.of(tar));
      assertThat(unpacker.complete("")).isEqualTo(new Account(0, 0));
    }
    for (String path : new String[] {"etc/hosts", "etc/resolv.conf", "etc/passwd"}) {
      assertThat(root.resolve(path).toRealPath()).isEqualTo(root.toRealPath().resolve(path));
    }
    assertThat(root.resolve("home/agent").toRealPath().startsWith(root.toRealPath())).isTrue();
    assertThat(Files.readSymbolicLink(root.resolve("var/tmp"))).hasToString("/tmp");
  }

  @Test
  void theImagesUserIsLookedUpInTheImage() throws IOException {
    byte[] tar =
        new Tar()
            .file("etc/passwd", "root:x:0:0::/:/bin/sh\napp:x:10001:10002::/app:/bin/sh\nbad\n")
            .file("etc/group", "root:x:0:\nstaff:x:50:\n")
            .bytes();
    try (var unpacker = new ImageUnpacker(root, SMALL)) {
      unpacker.apply(new ByteArrayInputStream(tar), Digest.of(tar));
      assertThatThrownBy(() -> unpacker.complete("nobody-here"))
          .hasMessageContaining("no such user");
      assertThatThrownBy(() -> unpacker.complete("99999:1")).hasMessageContaining("0 to 65535");
      assertThatThrownBy(() -> unpacker.complete("a:b:c")).isInstanceOf(ImageException.class);
      assertThat(unpacker.complete("4711:staff")).isEqualTo(new Account(4711, 50));
      assertThat(root.resolve("etc/passwd")).content().contains("app:x:10001", "agent:x:4711:50:");
      assertThat(root.resolve("etc/group"))
          .content()
          .contains("agent:x:50:")
          .doesNotContain("staff");
      assertThat(unpacker.complete("app")).isEqualTo(new Account(10_001, 10_002));
    }
  }
}
