package dev.holdfast.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.ImageReference;
import dev.holdfast.image.format.Descriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registries that lie, fail, stall and lead astray. */
@Timeout(60)
class HostileRegistryTest {
  private static final CredentialStore ADA =
      _ -> new CredentialStore.Found(Optional.of(new Credentials.Basic("ada", "pass")), "");

  private static RegistryClient client(FakeServer server, String path) {
    return RegistryClient.open(
        ImageReference.parse(server.name() + path), ADA, RegistryClientTest.impatient());
  }

  private static void redirect(HttpExchange exchange, String location) throws IOException {
    exchange.getResponseHeaders().add("Location", location);
    FakeServer.send(exchange, 307, "");
  }

  private static void challenge(HttpExchange exchange, String header) throws IOException {
    exchange.getResponseHeaders().add("WWW-Authenticate", header);
    FakeServer.send(exchange, 401, "");
  }

  @Test
  void aRedirectToAnotherUnencryptedHostIsRefused() throws Exception {
    try (var other = new FakeServer(exchange -> FakeServer.send(exchange, 200, "{}"));
        var server =
            new FakeServer(exchange -> redirect(exchange, "http://" + other.name() + "/x"));
        var client = client(server, "/a:1")) {
      assertThatThrownBy(client::top)
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("https or the same host");
      assertThat(other.asked()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://h/x", "//", "http://169.254.169.254/", ""})
  void aRedirectToSomethingElseIsRefused(String location) throws Exception {
    try (var server = new FakeServer(exchange -> redirect(exchange, location));
        var client = client(server, "/a:1")) {
      assertThatThrownBy(client::top).isInstanceOf(ImageException.class);
    }
  }

  @Test
  void redirectsEnd() throws Exception {
    try (var server = new FakeServer(exchange -> redirect(exchange, "/again"));
        var client = client(server, "/a:1")) {
      assertThatThrownBy(client::top).hasMessageContaining("more than 5 times");
    }
  }

  @Test
  void credentialsGoToNoUnencryptedTokenServerElsewhere() throws Exception {
    try (var server =
            new FakeServer(
                exchange -> challenge(exchange, "Bearer realm=\"http://192.0.2.1/token\""));
        var client = client(server, "/a:1")) {
      assertThatThrownBy(client::top)
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("https only");
    }
  }

  @Test
  void aRegistryCannotAskForAnotherRepositorysToken() throws Exception {
    try (var tokens = new FakeServer(e -> FakeServer.send(e, 200, "{\"token\":\"t\"}"));
        var server =
            new FakeServer(
                exchange ->
                    challenge(
                        exchange,
                        "Bearer realm=\"http://%s/t\",scope=\"repository:other:push\""
                            .formatted(tokens.name())));
        var client = client(server, "/a/b:1")) {
      assertThatThrownBy(client::top).isInstanceOf(ImageException.class);
      assertThat(tokens.asked()).isNotEmpty();
      assertThat(tokens.asked()).allMatch(line -> line.contains("scope=repository%3Aa%2Fb%3Apull"));
    }
  }

  @Test
  void aManifestThatIsNotWhatItsDigestSaysIsRefused() throws Exception {
    var digest = Digest.of(new byte[] {1});
    try (var server = new FakeServer(exchange -> FakeServer.send(exchange, 200, "{}"));
        var client = client(server, "/a@" + digest)) {
      assertThatThrownBy(client::top)
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("and not `" + digest + "`");
    }
  }

  @Test
  void aManifestWithoutEndIsRefused() throws Exception {
    try (var server =
            new FakeServer(
                exchange -> {
                  exchange.sendResponseHeaders(200, 0);
                  byte[] block = new byte[1 << 20];
                  for (int i = 0; i < 64; i++) {
                    exchange.getResponseBody().write(block);
                  }
                });
        var client = client(server, "/a:1")) {
      assertThatThrownBy(client::top).hasMessageContaining("it has more than");
    }
  }

  @Test
  void whatPassesIsTriedAgain() throws Exception {
    var count = new AtomicInteger();
    try (var server =
            new FakeServer(
                exchange ->
                    FakeServer.send(exchange, count.incrementAndGet() < 4 ? 503 : 200, "{}"));
        var client = client(server, "/a:1")) {
      assertThat(client.top().bytes()).isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
      assertThat(count).as("one of them to see whether it speaks TLS").hasValue(4);
    }
  }

  @Test
  void whatDoesNotPassEnds() throws Exception {
    var count = new AtomicInteger();
    try (var server =
            new FakeServer(
                exchange -> {
                  count.incrementAndGet();
                  FakeServer.send(exchange, 503, "");
                });
        var client = client(server, "/a:1")) {
      assertThatThrownBy(client::top)
          .isInstanceOf(ImageException.class)
          .hasMessageContaining("answered 503");
      assertThat(count).as("one of them to see whether it speaks TLS").hasValue(4);
    }
  }

  @Test
  void silenceHasALimit() throws Exception {
    var settings =
        new RegistrySettings(
            1, Duration.ofMillis(1), Duration.ofSeconds(20), Duration.ofMillis(300), List.of());
    try (var server =
            new FakeServer(
                exchange -> {
                  exchange.sendResponseHeaders(200, 1000);
                  exchange.getResponseBody().write(1);
                  exchange.getResponseBody().flush();
                  Thread.sleep(30_000);
                });
        var client =
            RegistryClient.open(ImageReference.parse(server.name() + "/a:1"), ADA, settings)) {
      var content = client.open(Descriptor.of("application/x", Digest.of(new byte[1000]), 1000), 0);
      assertThatThrownBy(() -> content.stream().readAllBytes())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("nothing came for 300 ms");
    }
  }

  @Test
  void aServerThatIgnoresARangeIsReadFromTheBeginning() throws Exception {
    try (var server = new FakeServer(exchange -> FakeServer.send(exchange, 200, "whole"));
        var client = client(server, "/a:1")) {
      var content = client.open(Descriptor.of("application/x", Digest.of(new byte[5]), 5), 3);
      assertThat(content.startsAt()).isZero();
    }
  }

  @Test
  void aRegistryElsewhereIsNeverReadWithoutEncryption() {
    assertThat(Endpoint.secure("registry.example").base()).hasScheme("https");
    assertThat(Endpoint.secure("registry.example").loopback()).isFalse();
    assertThat(Endpoint.secure("localhost.example").loopback()).isFalse();
    assertThat(Endpoint.secure("127.0.0.1.example").loopback()).isFalse();
    assertThat(Endpoint.secure("localhost:5000").loopback()).isTrue();
    assertThat(Endpoint.secure("127.1.2.3").loopback()).isTrue();
    assertThat(Endpoint.secure("[::1]:5000").loopback()).isTrue();
  }
}
