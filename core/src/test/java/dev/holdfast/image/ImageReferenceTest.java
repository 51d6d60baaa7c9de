package dev.holdfast.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "debian,                        docker.io/library/debian:latest",
    "debian:12,                     docker.io/library/debian:12",
    "team/app,                      docker.io/team/app:latest",
    "docker.io/debian,              docker.io/library/debian:latest",
    "index.docker.io/team/app:1,    docker.io/team/app:1",
    "localhost/app,                 localhost/app:latest",
    "localhost:5000/app,            localhost:5000/app:latest",
    "127.0.0.1:5000/a/b/c:v1.2_x-y, 127.0.0.1:5000/a/b/c:v1.2_x-y",
    "registry.example/a__b/c-d.e:T, registry.example/a__b/c-d.e:T",
    "[::1]:5000/app,                '[::1]:5000/app:latest'",
    "UPPER/app,                     UPPER/app:latest",
  })
  void whatIsLeftOutIsFilledIn(String written, String meant) {
    assertThat(ImageReference.parse(written)).hasToString(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"app", "localhost:5000/app", "app:1"})
  void aDigestPinsTheImageAndNoTagIsMadeUp(String name) {
    var reference = ImageReference.parse(name + "@sha256:" + HEX);
    assertThat(reference.digest()).contains(new Digest(HEX));
    assertThat(reference.selector()).isEqualTo("sha256:" + HEX);
    assertThat(reference.tag().isPresent()).isEqualTo(name.endsWith(":1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":tag",
        "App",
        "a//b",
        "/a",
        "a/",
        "a/../b",
        "registry.example/",
        "a:",
        "a:b:c",
        "a: b",
        "a:.hidden",
        "a\nb",
        "a?x=1",
        "a%2fb",
        "registry.example:99999999/a",
        "user@registry.example/a",
        "a@sha256:12",
        "a@sha256:0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
        "a@md5:0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        "https://registry.example/a",
      })
  void whatIsNoReferenceIsRefused(String written) {
    assertThatThrownBy(() -> ImageReference.parse(written)).isInstanceOf(ImageException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 5000})
  void aNameHasALimit(int length) {
    assertThatThrownBy(() -> ImageReference.parse("a".repeat(length)))
        .isInstanceOf(ImageException.class);
  }

  @Property
  void whatIsPrintedIsReadBackAsTheSame(@ForAll("references") ImageReference reference) {
    assertThat(ImageReference.parse(reference.toString())).isEqualTo(reference);
  }

  @Provide
  Arbitrary<ImageReference> references() {
    var host = Arbitraries.of("docker.io", "localhost", "localhost:5000", "r.example:443");
    var part = Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(8);
    var path = part.list().ofMinSize(2).ofMaxSize(4).map(parts -> String.join("/", parts));
    var tag = Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(20);
    var digest = Arbitraries.bytes().array(byte[].class).ofSize(8).map(Digest::of).optional();
    return Combinators.combine(host, path, tag, digest)
        .as(
            (h, p, t, d) ->
                new ImageReference(
                    h, p, java.util.Optional.of(t), java.util.Optional.ofNullable(d.orElse(null))));
  }

  @ParameterizedTest
  @CsvSource({
    "linux, amd64, '', linux, amd64, '', true",
    "linux, arm64, '', linux, arm64, v8, true",
    "linux, arm, v7, linux, arm, v6, false",
    "linux, amd64, '', windows, amd64, '', false",
    "linux, amd64, '', linux, arm64, '', false",
  })
  void aPlatformAcceptsItsOwnImages(
      String os, String arch, String variant, String os2, String arch2, String v2, boolean fits) {
    assertThat(new Platform(os, arch, variant).accepts(new Platform(os2, arch2, v2)))
        .isEqualTo(fits);
  }
}
