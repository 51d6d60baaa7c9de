package dev.holdfast.image.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.Platform;
import dev.holdfast.image.registry.TestImage;
import dev.holdfast.image.store.ImageStore;
import dev.holdfast.image.store.Progress;
import dev.holdfast.image.store.StoredImage;
import dev.holdfast.image.unpack.Tar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LocalArchiveTest {
  private static final byte[] LAYER = new Tar().file("hello", "world").bytes();
  private static final TestImage IMAGE = new TestImage(List.of(LAYER), "{}");

  @TempDir Path home;

  private StoredImage load(Path archive) throws IOException {
    try (var source = LocalArchive.open(archive, home)) {
      var platform = new Platform("linux", "amd64", "");
      return ImageStore.in(home.resolve("state"))
          .pull("loaded", Optional.empty(), source, platform, Progress.none());
    }
  }

  private void assertUnpacks(StoredImage image) throws Exception {
    try (var laidOut = ImageStore.in(home.resolve("state")).layOut(image, Progress.none())) {
      assertThat(laidOut.root().tree().resolve("hello")).hasContent("world");
    }
  }

  private static String index() {
    return "{\"schemaVersion\":2,\"manifests\":[%s]}"
        .formatted(TestImage.descriptor(TestImage.MANIFEST_TYPE, IMAGE.manifest()));
  }

  private static Tar layout() {
    var tar =
        new Tar()
            .file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}")
            .file("index.json", index())
            .file(blob(Digest.of(IMAGE.manifest())), IMAGE.manifest(), 0644, 0);
    IMAGE.blobs().forEach((digest, content) -> tar.file(blob(digest), content, 0644, 0));
    return tar;
  }

  private static String blob(Digest digest) {
    return "blobs/sha256/" + digest.hex();
  }

  private static Tar saved(String layers) {
    return new Tar()
        .file("c.json", IMAGE.configuration(), 0644, 0)
        .directory("l")
        .file("l/layer.tar", LAYER, 0644, 0)
        .symlink("m/layer.tar", "../l/layer.tar")
        .file(
            "manifest.json",
            "[{\"Config\":\"c.json\",\"RepoTags\":null,\"Layers\":[%s]}]".formatted(layers));
  }

  @Test
  void aLayoutIsReadFromADirectoryATarFileAndACompressedOne() throws Exception {
    Path directory = Files.createDirectories(home.resolve("layout"));
    Files.createDirectories(directory.resolve("blobs/sha256"));
    Files.writeString(directory.resolve("index.json"), index());
    Files.write(directory.resolve(blob(Digest.of(IMAGE.manifest()))), IMAGE.manifest());
    for (var each : IMAGE.blobs().entrySet()) {
      Files.write(directory.resolve(blob(each.getKey())), each.getValue());
    }
    Path tar = Files.write(home.resolve("layout.tar"), layout().bytes());
    Path gzip = Files.write(home.resolve("layout.tgz"), TestImage.gzip(layout().bytes()));
    for (Path archive : List.of(directory, tar, gzip)) {
      assertThat(load(archive).digest()).isEqualTo(Digest.of(IMAGE.manifest()));
    }
    assertUnpacks(load(tar));
  }

  @Test
  void whatDockerSaveWritesIsRead() throws Exception {
    for (String layer : List.of("\"l/layer.tar\"", "\"m/layer.tar\"")) {
      var image = load(Files.write(home.resolve("saved.tar"), saved(layer).bytes()));
      assertThat(image.config().diffIds()).containsExactly(Digest.of(LAYER));
      assertUnpacks(image);
    }
  }

  @Test
  void aSavedLayerThatTheConfigurationDoesNotNameIsNotLaidOut() throws Exception {
    var image =
        load(
            Files.write(
                home.resolve("saved.tar"), saved("\"l/layer.tar\",\"m/layer.tar\"").bytes()));
    assertThatThrownBy(() -> assertUnpacks(image)).hasMessageContaining("it has 2 layers");
  }

  @Test
  void aContentThatIsNotWhatItsNameSaysIsRefused() throws Exception {
    byte[] layer = IMAGE.layers().getFirst();
    byte[] tar = layout().bytes();
    String text = new String(tar, StandardCharsets.ISO_8859_1);
    tar[text.indexOf(new String(layer, StandardCharsets.ISO_8859_1)) + 30] ^= 1;
    Path archive = Files.write(home.resolve("layout.tar"), tar);
    assertThatThrownBy(() -> load(archive))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("refused");
  }

  @Test
  void aLinkOutOfADirectoryIsNotFollowed() throws Exception {
    Path directory = Files.createDirectories(home.resolve("layout"));
    Path secret = Files.writeString(home.resolve("secret"), index());
    Files.createSymbolicLink(directory.resolve("index.json"), secret);
    assertThatThrownBy(() -> load(directory)).hasMessageContaining("the archive has no");
  }

  @Test
  void anArchiveThatIsAmbiguousOrEmptyIsRefused() throws Exception {
    for (var tar :
        List.of(
            new Tar(),
            new Tar().file("manifest.json", "[]"),
            new Tar().file("manifest.json", "[{},{}]"),
            new Tar().file("manifest.json", "{}"),
            new Tar().file("../manifest.json", "[]"),
            layout().file("index.json", index()),
            saved("\"missing\""),
            saved("\"../../../etc/passwd\""))) {
      Path archive = Files.write(home.resolve("archive.tar"), tar.bytes());
      assertThatThrownBy(() -> load(archive)).isInstanceOf(ImageException.class);
    }
  }
}
