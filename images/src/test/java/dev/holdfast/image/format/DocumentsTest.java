package dev.holdfast.image.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.Platform;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {
  private static final Digest DIGEST = Digest.of(new byte[] {1});
  private static final String CONFIG =
      entry("application/vnd.docker.container.image.v1+json", DIGEST.toString(), "7");

  private static String entry(String type, String digest, String size) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%s}".formatted(type, digest, size);
  }

  private static Document read(String json) {
    return Documents.read(json.getBytes(StandardCharsets.UTF_8), Optional.empty());
  }

  private static String forPlatform(String os, String architecture, int number) {
    String entry =
        entry(MediaType.OCI_MANIFEST, Digest.of(new byte[] {(byte) number}).toString(), "7");
    return entry.substring(0, entry.length() - 1)
        + ",\"platform\":{\"os\":\"%s\",\"architecture\":\"%s\"}}".formatted(os, architecture);
  }

  @Test
  void aManifestOfDockerIsRead() {
    String json =
        "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":[%s]}"
            .formatted(
                MediaType.DOCKER_MANIFEST,
                CONFIG,
                entry("application/vnd.docker.image.rootfs.diff.tar.gzip", DIGEST.toString(), "9"));
    var manifest = (Document.Manifest) read(json);
    assertThat(manifest.config().size()).isEqualTo(7);
    assertThat(manifest.layers()).hasSize(1);
  }

  @Test
  void theEntryOfThePlatformIsChosen() {
    String json =
        "{\"mediaType\":\"%s\",\"manifests\":[%s,%s,%s]}"
            .formatted(
                MediaType.DOCKER_INDEX,
                forPlatform("unknown", "unknown", 1),
                forPlatform("linux", "arm64", 2),
                forPlatform("linux", "amd64", 3));
    var index = (Document.Index) read(json);
    assertThat(index.choose(new Platform("linux", "amd64", "")).digest())
        .isEqualTo(Digest.of(new byte[] {3}));
    assertThatThrownBy(() -> index.choose(new Platform("linux", "s390x", "")))
        .isInstanceOf(ImageException.class)
        .hasMessageEndingWith("it is for `linux/arm64`, `linux/amd64`");
  }

  @Test
  void aDocumentThatCouldBeReadInTwoWaysIsRefused() {
    assertThatThrownBy(
            () -> read("{\"config\":%s,\"layers\":[],\"manifests\":[]}".formatted(CONFIG)))
        .hasMessageContaining("an index as well");
    assertThatThrownBy(() -> read("{\"config\":%s,\"layers\":[],\"layers\":[]}".formatted(CONFIG)))
        .isInstanceOf(ImageException.class);
    byte[] index =
        "{\"mediaType\":\"%s\"}".formatted(MediaType.OCI_INDEX).getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Documents.read(index, Optional.of(MediaType.OCI_MANIFEST)))
        .hasMessageContaining("and was sent as");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"layers\":[]}",
        "{\"config\":7}",
        "{\"config\":{\"mediaType\":\"x\",\"digest\":\"sha256:1\",\"size\":1}}",
        "{\"mediaType\":\"application/vnd.docker.distribution.manifest.v1+json\"}",
        "{\"manifests\":{}}",
        "{\"manifests\":[1]}",
      })
  void whatIsNoDocumentIsRefused(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(ImageException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.5", "\"7\"", "1e400", "99999999999999999999"})
  void aSizeIsAWholeNumber(String size) {
    String json =
        "{\"config\":%s,\"layers\":[%s]}"
            .formatted(CONFIG, entry(MediaType.OCI_LAYER, DIGEST.toString(), size));
    assertThatThrownBy(() -> read(json)).isInstanceOf(ImageException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        "application/vnd.oci.image.layer.nondistributable.v1.tar",
        "application/vnd.oci.image.layer.v1.tar+encrypted",
        "text/html"
      })
  void aLayerOfAnotherKindIsRefused(String type) {
    String json =
        "{\"config\":%s,\"layers\":[%s]}".formatted(CONFIG, entry(type, DIGEST.toString(), "1"));
    assertThatThrownBy(() -> read(json)).hasMessageContaining(type);
  }

  @Property
  void nothingThatIsSentBreaksTheReader(@ForAll byte[] json) {
    assertThatThrownBy(() -> Documents.read(json, Optional.empty()))
        .isInstanceOf(ImageException.class);
  }

  @Test
  void aConfigurationSaysHowToRun() {
    var config =
        ImageConfig.read(
            """
            {"os":"linux","architecture":"amd64","config":{"Env":["A=b=c","E="],"User":"app:1",
             "WorkingDir":"/srv","Cmd":null,"Entrypoint":["/x"]},
             "rootfs":{"type":"layers","diff_ids":["%s"]}}"""
                .formatted(DIGEST)
                .getBytes(StandardCharsets.UTF_8));
    assertThat(config.env())
        .containsOnly(java.util.Map.entry("A", "b=c"), java.util.Map.entry("E", ""));
    assertThat(config.user()).isEqualTo("app:1");
    assertThat(config.directory()).isEqualTo("/srv");
    assertThat(config.diffIds()).containsExactly(DIGEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"config\":{\"Env\":[\"=x\"]}}",
        "{\"config\":{\"Env\":[\"A\"]}}",
        "{\"config\":{\"Env\":[\"A=\\u0000\"]}}",
        "{\"config\":{\"WorkingDir\":\"srv\"}}",
        "{\"rootfs\":{\"diff_ids\":[\"md5:1\"]}}",
      })
  void aConfigurationThatCannotBeFollowedIsRefused(String json) {
    assertThatThrownBy(() -> ImageConfig.read(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ImageException.class);
  }
}
