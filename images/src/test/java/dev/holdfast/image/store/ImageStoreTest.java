package dev.holdfast.image.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.files.HostFiles;
import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.ImageReference;
import dev.holdfast.image.Platform;
import dev.holdfast.image.registry.CredentialStore;
import dev.holdfast.image.registry.RealRegistry;
import dev.holdfast.image.registry.RegistryClient;
import dev.holdfast.image.registry.RegistrySettings;
import dev.holdfast.image.registry.TestImage;
import dev.holdfast.image.unpack.Tar;
import dev.holdfast.image.unpack.UnpackLimits;
import dev.holdfast.workbench.AgentIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ImageStoreTest {
  private static final Platform AMD64 = new Platform("linux", "amd64", "");

  private static final TestImage IMAGE =
      new TestImage(
          List.of(
              new Tar().file("a/x", "1").file("a/gone", "1").bytes(),
              new Tar().file("a/y", "2").file("a/.wh.gone", "").bytes()),
          "{\"Env\":[\"A=b\"],\"User\":\"4711\"}");

  @TempDir Path home;

  private ImageStore store() {
    return ImageStore.in(home, UnpackLimits.DEFAULT, Duration.ofMillis(1));
  }

  private StoredImage pull(ImageSource source) throws IOException {
    return store().pull("test", Optional.empty(), source, AMD64, Progress.none());
  }

  private List<String> files(String directory) throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("images").resolve(directory))) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.endsWith(".lock"))
          .toList();
    }
  }

  private void assertHoldsNothing() throws IOException {
    assertThat(files("refs")).isEmpty();
    assertThat(files("uses")).isEmpty();
    assertThat(files("trees")).isEmpty();
  }

  @Test
  void anImageComesFromARealRegistryByTagAndByDigest() throws Exception {
    try (var registry = RealRegistry.open(home.resolve("registry"))) {
      IMAGE.push(registry, "team/app", "1", "");
      var digest = Digest.of(IMAGE.manifest());
      for (String suffix : List.of(":1", "@" + digest)) {
        var reference = ImageReference.parse(registry.name() + "/team/app" + suffix);
        try (var client =
            RegistryClient.open(reference, CredentialStore.none(), RegistrySettings.standard())) {
          var image =
              store()
                  .pull(reference.toString(), reference.digest(), client, AMD64, Progress.none());
          assertThat(image.digest()).isEqualTo(digest);
        }
        assertThat(store().find(registry.name() + "/team/app" + suffix)).isPresent();
      }
    }
    assertThat(store().list()).hasSize(2);
    assertThat(files("blobs")).hasSize(4);
  }

  @Test
  void anIndexOfARealRegistryLeadsToThePlatformsImage() throws Exception {
    var arm = new TestImage(List.of(new Tar().file("arm", "").bytes()), "{}");
    try (var registry = RealRegistry.open(home.resolve("registry"))) {
      IMAGE.push(registry, "app", "amd", "");
      arm.push(registry, "app", "arm", "");
      String type = "application/vnd.oci.image.index.v1+json";
      String index =
          "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"manifests\":[%s,%s]}"
              .formatted(type, entry(arm, "arm64"), entry(IMAGE, "amd64"));
      registry.pushManifest("app", "all", index.getBytes(StandardCharsets.UTF_8), type, "");
      var reference = ImageReference.parse(registry.name() + "/app:all");
      try (var client =
          RegistryClient.open(reference, CredentialStore.none(), RegistrySettings.standard())) {
        var image = store().pull("all", Optional.empty(), client, AMD64, Progress.none());
        assertThat(image.digest()).isEqualTo(Digest.of(IMAGE.manifest()));
        assertThatThrownBy(
                () ->
                    store()
                        .pull(
                            "all",
                            Optional.empty(),
                            client,
                            new Platform("linux", "riscv64", ""),
                            Progress.none()))
            .hasMessageContaining("nothing for `linux/riscv64`");
      }
    }
  }

  private static String entry(TestImage image, String architecture) {
    String descriptor = TestImage.descriptor(TestImage.MANIFEST_TYPE, image.manifest());
    return descriptor.substring(0, descriptor.length() - 1)
        + ",\"platform\":{\"os\":\"linux\",\"architecture\":\"%s\"}}".formatted(architecture);
  }

  @Test
  void whatIsHereIsNotFetchedAgain() throws Exception {
    pull(new MemorySource(IMAGE));
    var again = new MemorySource(IMAGE);
    pull(again);
    assertThat(again.opened()).isEmpty();
  }

  @Test
  void manyWhoWantTheSameLayersFetchThemOnce() throws Exception {
    var source = new MemorySource(IMAGE);
    try (var threads = Executors.newFixedThreadPool(8)) {
      var all = new ArrayList<Future<StoredImage>>();
      for (int i = 0; i < 8; i++) {
        all.add(threads.submit(() -> pull(source)));
      }
      for (var each : all) {
        assertThat(each.get().digest()).isEqualTo(Digest.of(IMAGE.manifest()));
      }
    }
    assertThat(source.opened()).hasSize(3).doesNotHaveDuplicates();
  }

  @Test
  void aContentThatBreaksOffIsGoneOnWith() throws Exception {
    var source = new MemorySource(IMAGE);
    pull(new MemorySource(new TestImage(List.of(), IMAGE.config())));
    source.breakOff(2);
    pull(source);
    assertThat(source.opened()).hasSize(5);
    assertThat(source.opened().stream().filter(each -> !each.endsWith("@0"))).hasSize(2);
  }

  @Test
  void aContentThatAnEarlierProcessLeftIsGoneOnWithOrThrownAway() throws Exception {
    byte[] layer = IMAGE.layers().getFirst();
    var digest = Digest.of(layer);
    Path part = home.resolve("images/incoming").resolve(digest.hex() + ".part");
    store();
    Files.write(part, Arrays.copyOf(layer, 50));
    var source = new MemorySource(IMAGE);
    pull(source);
    assertThat(source.opened()).contains(digest.brief() + "@50");

    HostFiles.delete(home.resolve("images"));
    store();
    Files.write(part, new byte[50]);
    assertThatThrownBy(() -> pull(new MemorySource(IMAGE))).isInstanceOf(ImageException.class);
    pull(new MemorySource(IMAGE));
  }

  @Test
  void anythingThatIsNotWhatItsDigestSaysIsRefusedAndNotKept() throws Exception {
    for (Digest digest : IMAGE.blobs().keySet()) {
      byte[] right = IMAGE.blobs().get(digest);
      byte[] changed = right.clone();
      changed[changed.length / 2] ^= 1;
      for (byte[] wrong : List.of(changed, Arrays.copyOf(right, right.length + 1))) {
        var source = new MemorySource(IMAGE);
        source.replace(digest, wrong);
        HostFiles.delete(home.resolve("images"));
        assertThatThrownBy(() -> pull(source))
            .isInstanceOf(ImageException.class)
            .hasMessageContaining("refused");
        assertThat(files("blobs")).doesNotContain(digest.hex());
        assertThat(files("incoming")).doesNotContain(digest.hex() + ".part");
      }
    }
    assertHoldsNothing();
  }

  @Test
  void anotherImageThanTheOneAskedForIsRefused() throws Exception {
    assertThatThrownBy(
            () ->
                store()
                    .pull(
                        "test",
                        Optional.of(Digest.of(new byte[1])),
                        new MemorySource(IMAGE),
                        AMD64,
                        Progress.none()))
        .hasMessageContaining("refused");
    assertHoldsNothing();
  }

  @Test
  void anImageForAnotherMachineIsRefused() {
    var platform = new Platform("linux", "arm64", "");
    assertThatThrownBy(
            () ->
                store()
                    .pull(
                        "test",
                        Optional.empty(),
                        new MemorySource(IMAGE),
                        platform,
                        Progress.none()))
        .hasMessageContaining("the image is for `linux/amd64`");
  }

  @Test
  void aLaidOutImageIsOneTreeOfItsUser() throws Exception {
    var image = pull(new MemorySource(IMAGE));
    try (var laidOut = store().layOut(image, Progress.none())) {
      Path tree = laidOut.root().tree();
      assertThat(tree.resolve("a/x")).hasContent("1");
      assertThat(tree.resolve("a/y")).hasContent("2");
      assertThat(tree.resolve("a/gone")).doesNotExist();
      assertThat(laidOut.root().agent()).isEqualTo(new AgentIds(4711, 1000));
      assertThat(laidOut.root().env()).containsEntry("A", "b");
      assertThat(Files.getAttribute(tree.resolve("a/x"), "unix:uid")).isEqualTo(AgentIds.FIRST);
    }
    assertThat(store().unpacked(image).orElseThrow().entries()).isEqualTo(4);
  }

  @Test
  void theImagesUsersFilesAreTheAgentsOnTheHost() throws Exception {
    var image =
        pull(
            new MemorySource(
                new TestImage(
                    List.of(
                        new Tar()
                            .file("mine", new byte[1], 0600, 4711)
                            .file("other", new byte[1], 0600, 1000)
                            .bytes()),
                    IMAGE.config())));
    try (var laidOut = store().layOut(image, Progress.none())) {
      Path tree = laidOut.root().tree();
      assertThat(Files.getAttribute(tree.resolve("mine"), "unix:uid")).isEqualTo(AgentIds.OWNER);
      assertThat(Files.getAttribute(tree.resolve("other"), "unix:uid"))
          .isEqualTo(AgentIds.FIRST + 4711);
    }
  }

  @Test
  void aLayerThatUnpacksToSomethingElseLeavesNoTree() throws Exception {
    byte[] tar = new Tar().file("x", "1").bytes();
    var image = pull(new MemorySource(new TestImage(List.of(tar), "{}")));
    var others =
        new dev.holdfast.image.format.ImageConfig(
            AMD64,
            java.util.Map.of(),
            "",
            "",
            List.of(),
            List.of(),
            List.of(Digest.of(new byte[1])));
    var lying =
        new StoredImage(image.name(), image.digest(), image.manifest(), others, Instant.now());
    assertThatThrownBy(() -> store().layOut(lying, Progress.none()))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("unpacks to");
    assertThat(files("trees")).isEmpty();
    assertThat(files("uses")).isEmpty();
  }

  @Test
  void whatNoNameLeadsToIsRemovedUnlessItIsUsed() throws Exception {
    var image = pull(new MemorySource(IMAGE));
    var other = new TestImage(List.of(IMAGE.tars().getFirst()), "{}");
    store().pull("other", Optional.empty(), new MemorySource(other), AMD64, Progress.none());
    var laidOut = store().layOut(image, Progress.none());
    assertThat(store().remove(image)).isTrue();

    assertThat(store().collect(Optional.empty(), false).trees()).isZero();
    assertThat(laidOut.root().tree()).exists();
    laidOut.close();
    var dry = store().collect(Optional.empty(), true);
    assertThat(laidOut.root().tree()).exists();
    var removed = store().collect(Optional.empty(), false);
    assertThat(removed).isEqualTo(dry);
    assertThat(removed.contents()).as("all but the layer that both have").isEqualTo(3);
    assertThat(laidOut.root().tree()).doesNotExist();
    var kept = store().find("other").orElseThrow();
    try (var tree = store().layOut(kept, Progress.none())) {
      assertThat(tree.root().tree().resolve("a/gone")).exists();
    }
  }

  @Test
  void whatADeadProcessUsedIsRemoved() throws Exception {
    var image = pull(new MemorySource(IMAGE));
    store().layOut(image, Progress.none()).close();
    long pid = ProcessHandle.current().pid();
    Files.createFile(
        home.resolve("images/uses").resolve(image.digest().hex() + "." + pid + ".1.1"));
    store().remove(image);
    assertThat(store().collect(Optional.empty(), false).trees()).isEqualTo(1);
    assertThat(files("blobs")).isEmpty();
    assertHoldsNothing();
  }

  @Test
  void namesThatWereNotUsedForLongGo() throws Exception {
    pull(new MemorySource(IMAGE));
    var fresh = new TestImage(List.of(), "{}");
    store().pull("fresh", Optional.empty(), new MemorySource(fresh), AMD64, Progress.none());
    try (Stream<Path> refs = Files.list(home.resolve("images/refs"))) {
      for (Path ref : refs.toList()) {
        if (Files.readString(ref).contains("\"test\"")) {
          Files.setLastModifiedTime(ref, FileTime.from(Instant.now().minus(Duration.ofDays(40))));
        }
      }
    }
    assertThat(store().collect(Optional.of(Duration.ofDays(30)), false).names())
        .containsExactly("test");
    assertThat(store().list()).extracting(StoredImage::name).containsExactly("fresh");
  }
}
