package dev.holdfast.image.registry;

import dev.holdfast.image.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLException;

/** Sends requests: follows redirects that are safe to follow, and tries again what may pass. */
final class Wire implements AutoCloseable {
  private static final int MOST_REDIRECTS = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final RegistrySettings settings;
  private final HttpClient http;

  Wire(RegistrySettings settings, String registry) {
    this.settings = settings;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(15))
            .sslContext(Trust.context(settings.certificates(), registry))
            .build();
  }

  /**
   * A request.
   *
   * @param headers for every hop
   * @param authorization for the first host only; empty for none
   * @param form sent as POST when not empty
   */
  record Request(URI uri, Map<String, String> headers, String authorization, String form) {
    static Request get(URI uri, Map<String, String> headers, String authorization) {
      return new Request(uri, headers, authorization, "");
    }
  }

  /**
   * Sends it, again when that may help, and follows redirects.
   *
   * @return an answer of any other kind; its body must be closed
   * @throws IOException when the registry cannot be reached
   */
  HttpResponse<InputStream> send(Request request) throws IOException {
    Duration wait = settings.backoff();
    for (int attempt = 1; ; attempt++) {
      boolean last = attempt >= settings.attempts();
      try {
        HttpResponse<InputStream> response = follow(request);
        if (last || !PASSING.contains(response.statusCode())) {
          return response;
        }
        response.body().close();
        pause(retryAfter(response, wait));
      } catch (SSLException wrongCertificate) {
        throw wrongCertificate;
      } catch (IOException e) {
        if (last) {
          throw e;
        }
        pause(wait);
      }
      wait = wait.multipliedBy(2);
    }
  }

  /** Sends it once, and does not follow redirects. */
  HttpResponse<InputStream> sendOnce(Request request) throws IOException {
    return once(request, request.uri());
  }

  /** Waits about this long, so that many clients do not come back at the same moment. */
  static void pause(Duration about) {
    try {
      long millis = about.toMillis();
      Thread.sleep(millis + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException("interrupted while waiting for a registry", e);
    }
  }

  private static Duration retryAfter(HttpResponse<?> response, Duration otherwise) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,6}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .map(asked -> asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked)
        .orElse(otherwise);
  }

  private HttpResponse<InputStream> follow(Request request) throws IOException {
    URI uri = request.uri();
    for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
      HttpResponse<InputStream> response = once(request, uri);
      if (!REDIRECTS.contains(response.statusCode())) {
        return response;
      }
      response.body().close();
      uri = target(uri, response);
    }
    throw new ImageException(
        "`%s` redirects more than %d times".formatted(request.uri(), MOST_REDIRECTS));
  }

  /** Where a redirect leads, when it leads to an encrypted place or stays at the same host. */
  private static URI target(URI from, HttpResponse<?> response) {
    String location = response.headers().firstValue("Location").orElse("");
    URI target;
    try {
      target = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new ImageException("`%s` redirects to no address".formatted(from), e);
    }
    boolean encrypted = "https".equals(target.getScheme()) && target.getHost() != null;
    if (location.isEmpty() || !(encrypted || Endpoint.sameOrigin(from, target))) {
      throw new ImageException(
          "`%s` redirects to `%s`, which is not allowed: https or the same host"
              .formatted(from, target));
    }
    return target;
  }

  private HttpResponse<InputStream> once(Request request, URI uri) throws IOException {
    var builder = HttpRequest.newBuilder(uri).timeout(settings.answer());
    request.headers().forEach(builder::header);
    builder.header("User-Agent", "holdfast");
    if (!request.authorization().isEmpty() && Endpoint.sameOrigin(request.uri(), uri)) {
      builder.header("Authorization", request.authorization());
    }
    if (!request.form().isEmpty()) {
      builder.header("Content-Type", "application/x-www-form-urlencoded");
      builder.POST(HttpRequest.BodyPublishers.ofString(request.form()));
    }
    try {
      return http.send(
          builder.build(),
          info ->
              HttpResponse.BodySubscribers.mapping(
                  HttpResponse.BodySubscribers.ofInputStream(),
                  body -> new GuardedStream(body, settings.stall())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException("interrupted while asking `" + uri.getHost() + "`", e);
    }
  }

  /** The whole body, closed afterwards. */
  static byte[] body(HttpResponse<InputStream> response, int most) throws IOException {
    try (InputStream body = response.body()) {
      byte[] bytes = body.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new ImageException(
            "the answer of `%s` is not allowed: it has more than %d bytes"
                .formatted(response.uri().getHost(), most));
      }
      return bytes;
    }
  }

  /** All values of a header that may come several times. */
  static List<String> headers(HttpResponse<?> response, String name) {
    return response.headers().allValues(name);
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
