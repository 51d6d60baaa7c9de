package dev.holdfast.image.registry;

import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.ImageReference;
import dev.holdfast.image.format.Descriptor;
import dev.holdfast.image.format.Documents;
import dev.holdfast.image.format.MediaType;
import dev.holdfast.image.store.ImageSource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One image in a registry, read over the distribution protocol. Always encrypted, but for a
 * registry on loopback that does not speak TLS.
 */
public final class RegistryClient implements ImageSource, AutoCloseable {
  private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-\\d+/(?:\\d+|\\*)");

  private final ImageReference image;
  private final Wire wire;
  private final Endpoint endpoint;
  private final Authorizer authorizer;

  private RegistryClient(
      ImageReference image, Wire wire, Endpoint endpoint, CredentialStore credentials) {
    this.image = image;
    this.wire = wire;
    this.endpoint = endpoint;
    this.authorizer = new Authorizer(wire, endpoint, credentials);
  }

  /**
   * Opens an image.
   *
   * @throws ImageException when its registry cannot be reached
   */
  public static RegistryClient open(
      ImageReference image, CredentialStore credentials, RegistrySettings settings) {
    Wire wire = new Wire(settings, image.registry());
    try {
      Endpoint endpoint = Endpoint.secure(image.registry());
      if (endpoint.loopback() && speaksPlainly(wire, endpoint.plain())) {
        endpoint = endpoint.plain();
      }
      return new RegistryClient(image, wire, endpoint, credentials);
    } catch (RuntimeException e) {
      wire.close();
      throw e;
    }
  }

  /** Asked without encryption first: a server that expects none may wait for ever for more. */
  private static boolean speaksPlainly(Wire wire, Endpoint endpoint) {
    try {
      var response = wire.sendOnce(Wire.Request.get(endpoint.at("/v2/"), Map.of(), ""));
      response.body().close();
      // What servers of TLS answer to plain text, when they answer.
      return response.statusCode() != 400;
    } catch (IOException | ImageException e) {
      return false;
    }
  }

  @Override
  public Raw top() {
    return manifest(image.selector(), image.digest());
  }

  @Override
  public Raw document(Digest digest) {
    return manifest(digest.toString(), Optional.of(digest));
  }

  private Raw manifest(String selector, Optional<Digest> expected) {
    var accept = Map.of("Accept", MediaType.ACCEPTED);
    try {
      HttpResponse<InputStream> response = get("manifests/" + selector, accept);
      byte[] body = Wire.body(response, Documents.MAX_BYTES);
      Digest digest = Digest.of(body);
      Optional<Digest> promised =
          expected.or(
              () -> response.headers().firstValue("Docker-Content-Digest").map(Digest::parse));
      if (promised.isPresent() && !promised.get().equals(digest)) {
        throw new ImageException(
            "registry `%s` sent a manifest that is `%s` and not `%s`"
                .formatted(endpoint.registry(), digest, promised.get()));
      }
      return new Raw(body, response.headers().firstValue("Content-Type"));
    } catch (IOException e) {
      throw unreachable(endpoint.registry(), e);
    }
  }

  @Override
  public Content open(Descriptor content, long offset) throws IOException {
    Map<String, String> headers = offset == 0 ? Map.of() : Map.of("Range", "bytes=" + offset + "-");
    HttpResponse<InputStream> response = get("blobs/" + content.digest(), headers);
    return new Content(response.body(), offset == 0 ? 0 : startsAt(response));
  }

  /** A server may ignore a range and begin at the beginning. */
  private static long startsAt(HttpResponse<?> response) {
    if (response.statusCode() != 206) {
      return 0;
    }
    Matcher range = RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
    if (!range.matches()) {
      throw new ImageException(
          "`%s` sent a part without saying which".formatted(response.uri().getHost()));
    }
    return Long.parseLong(range.group(1));
  }

  /** Asks, once more after the registry has said what it wants first. */
  private HttpResponse<InputStream> get(String path, Map<String, String> headers)
      throws IOException {
    URI uri = endpoint.at("/v2/" + image.repository() + "/" + path);
    for (int attempt = 0; ; attempt++) {
      var response =
          wire.send(Wire.Request.get(uri, headers, authorizer.header(image.repository())));
      int status = response.statusCode();
      if (status == 200 || status == 206) {
        return response;
      }
      response.body().close();
      if (status == 401 && attempt < 2) {
        authorizer.answer(response, image.repository());
      } else {
        throw refusal(status, path);
      }
    }
  }

  private ImageException refusal(int status, String path) {
    return switch (status) {
      case 401, 403 -> authorizer.refused(image.repository());
      case 404 ->
          new ImageException(
              "registry `%s` has no `%s` in `%s`"
                  .formatted(endpoint.registry(), path, image.repository()));
      default ->
          new ImageException(
              "registry `%s` answered %d for `%s`".formatted(endpoint.registry(), status, path));
    };
  }

  private static ImageException unreachable(String registry, Exception e) {
    String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new ImageException("registry `%s` cannot be read: %s".formatted(registry, why), e);
  }

  @Override
  public void close() {
    wire.close();
  }
}
