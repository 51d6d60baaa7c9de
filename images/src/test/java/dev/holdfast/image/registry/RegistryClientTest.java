package dev.holdfast.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.ImageReference;
import dev.holdfast.image.format.Descriptor;
import dev.holdfast.image.format.Document;
import dev.holdfast.image.format.Documents;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against Debian's docker-registry. */
@Timeout(120)
class RegistryClientTest {
  private static final TestImage IMAGE =
      new TestImage(List.of("not a tar, but a layer".getBytes(StandardCharsets.UTF_8)), "{}");

  @TempDir Path directory;

  static RegistrySettings impatient(Path... certificates) {
    return new RegistrySettings(
        3,
        Duration.ofMillis(1),
        Duration.ofSeconds(20),
        Duration.ofSeconds(20),
        List.of(certificates));
  }

  private static CredentialStore knowing(String user, String secret) {
    return _ -> new CredentialStore.Found(Optional.of(new Credentials.Basic(user, secret)), "");
  }

  private static ImageReference reference(RealRegistry registry) {
    return ImageReference.parse(registry.name() + "/team/app:1");
  }

  private static void assertReads(RegistryClient client) throws Exception {
    var top = client.top();
    assertThat(top.bytes()).isEqualTo(IMAGE.manifest());
    var manifest = (Document.Manifest) Documents.read(top.bytes(), top.mediaType());
    for (Descriptor part : List.of(manifest.config(), manifest.layers().getFirst())) {
      try (InputStream content = client.open(part, 0).stream()) {
        assertThat(content.readAllBytes()).isEqualTo(IMAGE.blobs().get(part.digest()));
      }
    }
  }

  @Test
  void anOpenRegistryIsRead() throws Exception {
    try (var registry = RealRegistry.open(directory)) {
      IMAGE.push(registry, "team/app", "1", "");
      try (var client =
          RegistryClient.open(reference(registry), CredentialStore.none(), impatient())) {
        assertReads(client);
        assertThat(client.document(Digest.of(IMAGE.manifest())).bytes())
            .isEqualTo(IMAGE.manifest());
      }
    }
  }

  @Test
  void theRestOfAContentIsReadFromWhereItBrokeOff() throws Exception {
    try (var registry = RealRegistry.open(directory)) {
      IMAGE.push(registry, "team/app", "1", "");
      byte[] layer = IMAGE.layers().getFirst();
      try (var client =
          RegistryClient.open(reference(registry), CredentialStore.none(), impatient())) {
        var content =
            client.open(Descriptor.of("application/x", Digest.of(layer), layer.length), 7);
        assertThat(content.startsAt()).isEqualTo(7);
        assertThat(content.stream().readAllBytes())
            .isEqualTo(java.util.Arrays.copyOfRange(layer, 7, layer.length));
      }
    }
  }

  @Test
  void aPasswordOpensAndAnotherDoesNot() throws Exception {
    try (var registry = RealRegistry.withPassword(directory)) {
      String user = RealRegistry.USER;
      IMAGE.push(
          registry, "team/app", "1", new Credentials.Basic(user, RealRegistry.PASSWORD).header());
      var image = reference(registry);
      try (var client =
          RegistryClient.open(image, knowing(user, RealRegistry.PASSWORD), impatient())) {
        assertReads(client);
      }
      try (var client = RegistryClient.open(image, knowing(user, "secret-guess"), impatient())) {
        assertThatThrownBy(client::top)
            .isInstanceOf(ImageException.class)
            .hasMessageContaining("the stored credentials are not accepted")
            .hasMessageNotContaining("secret-guess");
      }
      try (var client = RegistryClient.open(image, CredentialStore.none(), impatient())) {
        assertThatThrownBy(client::top).hasMessageContaining("no credentials are stored");
      }
    }
  }

  @Test
  void aCertificateCountsForTheRegistryThatItWasStoredFor() throws Exception {
    try (var registry = RealRegistry.withTls(directory)) {
      var image = reference(registry);
      try (var client = RegistryClient.open(image, CredentialStore.none(), impatient(directory))) {
        assertThatThrownBy(client::top)
            .isInstanceOf(ImageException.class)
            .hasMessageContaining("certif");
      }
      Path place = Files.createDirectories(directory.resolve("certs/" + registry.name()));
      Files.copy(directory.resolve("registry.crt"), place.resolve("ca.crt"));
      try (var client =
          RegistryClient.open(
              image, CredentialStore.none(), impatient(directory.resolve("certs")))) {
        assertThatThrownBy(client::top)
            .isInstanceOf(ImageException.class)
            .hasMessageContaining("has no `manifests/1` in `team/app`");
      }
    }
  }

  @Test
  void aTokenIsFetchedForTheRepositoryWithTheStoredPassword() throws Exception {
    Path keys = directory.resolve("keys");
    try (var tokens = new FakeServer(exchange -> FakeServer.send(exchange, 200, token(keys)));
        var registry =
            RealRegistry.withTokens(keys, URI.create("http://" + tokens.name() + "/token"))) {
      IMAGE.push(registry, "team/app", "1", "Bearer " + jwt(keys));
      try (var client =
          RegistryClient.open(reference(registry), knowing("ada", "pass"), impatient())) {
        assertReads(client);
      }
      assertThat(tokens.asked())
          .containsExactly(
              "GET /token?scope=repository%3Ateam%2Fapp%3Apull&service=test Basic "
                  + Base64.getEncoder()
                      .encodeToString("ada:pass".getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static String token(Path keys) {
    return "{\"token\":\"" + jwt(keys) + "\"}";
  }

  /** A token that lets pull and push, signed as a token server does. */
  private static String jwt(Path keys) {
    try {
      String certificate = pem(keys.resolve("registry.crt"));
      long now = Instant.now().getEpochSecond();
      String header = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"%s\"]}".formatted(certificate);
      String claims =
          """
          {"iss":"issuer","sub":"ada","aud":"test","exp":%d,"nbf":%d,"iat":%d,"jti":"1",
          "access":[{"type":"repository","name":"team/app","actions":["pull","push"]}]}"""
              .formatted(now + 300, now - 10, now);
      var encoder = Base64.getUrlEncoder().withoutPadding();
      String signed =
          encoder.encodeToString(header.getBytes(StandardCharsets.UTF_8))
              + "."
              + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
      var key =
          KeyFactory.getInstance("RSA")
              .generatePrivate(
                  new PKCS8EncodedKeySpec(
                      Base64.getDecoder().decode(pem(keys.resolve("registry.key")))));
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(signed.getBytes(StandardCharsets.UTF_8));
      return signed + "." + encoder.encodeToString(signature.sign());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(Path file) throws Exception {
    return Files.readString(file).replaceAll("-----[^-]+-----", "").replaceAll("\\s", "");
  }
}
