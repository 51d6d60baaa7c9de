package dev.holdfast.harness.model;

import java.net.URI;
import java.util.Map;
import java.util.Set;

/**
 * Where a provider is, and the key to it.
 *
 * @param url of its API; empty for the provider's own
 */
record Connection(String url, String key) {
  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");

  /** What a server without keys is sent, since the libraries insist on one. */
  private static final String NO_KEY = "none";

  /**
   * Reads the connection for {@code model} from the environment.
   *
   * @throws IllegalArgumentException naming the variable that is missing or wrong
   */
  static Connection read(
      ModelName model, Map<String, String> environment, String keyVariable, String urlVariable) {
    var key = environment.getOrDefault(keyVariable, "").strip();
    var url = environment.getOrDefault(urlVariable, "").strip();
    if (key.isEmpty() && url.isEmpty()) {
      throw new IllegalArgumentException(
          "model `%s` needs a key: set `%s`".formatted(model, keyVariable));
    }
    if (!url.isEmpty()) {
      check(url, !key.isEmpty(), urlVariable);
    }
    return new Connection(url, key.isEmpty() ? NO_KEY : key);
  }

  private static void check(String url, boolean withKey, String variable) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "`%s` is `%s`: it must be a URL".formatted(variable, url), e);
    }
    boolean plain = "http".equals(uri.getScheme());
    if (uri.getHost() == null || !(plain || "https".equals(uri.getScheme()))) {
      throw new IllegalArgumentException(
          "`%s` is `%s`: it must begin with `https://` or `http://` and name a host"
              .formatted(variable, url));
    }
    if (plain && withKey && !HERE.contains(uri.getHost())) {
      throw new IllegalArgumentException(
          "`%s` is `%s`: a key is sent over `https://` only, or to this machine"
              .formatted(variable, url));
    }
  }
}
