package dev.holdfast.image.registry;

import dev.holdfast.image.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Gets the right to read at one registry: by name and password, or by tokens, one for each
 * repository. A token goes to the registry that asked for it and nowhere else.
 */
final class Authorizer {
  private static final int MAX_BYTES = 1 << 20;

  private final Wire wire;
  private final Endpoint endpoint;
  private final CredentialStore store;
  private final Map<String, String> headers = new ConcurrentHashMap<>();

  Authorizer(Wire wire, Endpoint endpoint, CredentialStore store) {
    this.wire = wire;
    this.endpoint = endpoint;
    this.store = store;
  }

  /** What to send for a repository; empty until the registry has asked for something. */
  String header(String repository) {
    return headers.getOrDefault(repository, "");
  }

  /**
   * Answers what the registry has asked for; {@link #header} is new afterwards.
   *
   * @throws ImageException when nothing that it accepts is known
   */
  void answer(HttpResponse<?> refusal, String repository) throws IOException {
    List<Challenge> challenges =
        Wire.headers(refusal, "WWW-Authenticate").stream()
            .flatMap(header -> Challenge.parse(header).stream())
            .toList();
    for (Challenge challenge : challenges) {
      if (challenge.scheme().equals("bearer")) {
        headers.put(repository, "Bearer " + token(challenge, repository));
        return;
      }
    }
    CredentialStore.Found found = store.find(endpoint.registry());
    if (challenges.stream().anyMatch(challenge -> challenge.scheme().equals("basic"))
        && found.credentials().orElse(null) instanceof Credentials.Basic basic
        && !basic.header().equals(header(repository))) {
      headers.put(repository, basic.header());
      return;
    }
    throw refused(repository, found);
  }

  /** The message when access is refused for good. */
  ImageException refused(String repository, CredentialStore.Found found) {
    String known =
        found.credentials().isPresent()
            ? "the stored credentials are not accepted"
            : "no credentials are stored for it; `docker login` or `podman login` stores them";
    return new ImageException(
        "registry `%s` refuses `%s`: %s%s"
            .formatted(
                endpoint.registry(),
                repository,
                known,
                found.hint().isEmpty() ? "" : "; " + found.hint()));
  }

  ImageException refused(String repository) {
    return refused(repository, store.find(endpoint.registry()));
  }

  private String token(Challenge challenge, String repository) throws IOException {
    URI realm = realm(challenge);
    CredentialStore.Found found = store.find(endpoint.registry());
    // Not the scope of the challenge: a registry must not be able to ask for more in our name.
    String scope = "repository:" + repository + ":pull";
    String query =
        "scope="
            + encode(scope)
            + challenge.parameter("service").map(s -> "&service=" + encode(s)).orElse("");
    try (var response =
        new Answer(
            wire.send(
                found.credentials().orElse(null) instanceof Credentials.IdentityToken identity
                    ? exchange(realm, query, identity)
                    : plain(realm, query, found.credentials())))) {
      if (response.status() != 200) {
        throw refused(repository, found);
      }
      return read(response.bytes());
    }
  }

  private URI realm(Challenge challenge) {
    URI realm = URI.create(challenge.parameter("realm").orElse(""));
    boolean loopback = "http".equals(realm.getScheme()) && Endpoint.loopback(realm);
    boolean plain = "http".equals(endpoint.base().getScheme());
    if (realm.getHost() == null || !("https".equals(realm.getScheme()) || (plain && loopback))) {
      throw new ImageException(
          "registry `%s` sends credentials to `%s`, which is not allowed: https only"
              .formatted(endpoint.registry(), realm));
    }
    return realm;
  }

  private static Wire.Request plain(URI realm, String query, Optional<Credentials> credentials) {
    String separator = realm.getRawQuery() == null ? "?" : "&";
    return Wire.Request.get(
        URI.create(realm + separator + query),
        Map.of(),
        credentials.orElse(null) instanceof Credentials.Basic basic ? basic.header() : "");
  }

  private static Wire.Request exchange(
      URI realm, String query, Credentials.IdentityToken identity) {
    String form =
        query
            + "&grant_type=refresh_token&client_id=holdfast&refresh_token="
            + encode(identity.token());
    return new Wire.Request(realm, Map.of(), "", form);
  }

  private String read(byte[] body) {
    try {
      JsonNode answer = JsonMapper.shared().readTree(body);
      String token = answer.path("token").asString(answer.path("access_token").asString(""));
      if (token.matches("[\\x21-\\x7e]+")) {
        return token;
      }
    } catch (JacksonException notJson) {
      // Said below.
    }
    throw new ImageException(
        "the token server of `%s` answered without a token".formatted(endpoint.registry()));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private record Answer(HttpResponse<InputStream> response) implements AutoCloseable {
    int status() {
      return response.statusCode();
    }

    byte[] bytes() throws IOException {
      return Wire.body(response, MAX_BYTES);
    }

    @Override
    public void close() throws IOException {
      response.body().close();
    }
  }
}
