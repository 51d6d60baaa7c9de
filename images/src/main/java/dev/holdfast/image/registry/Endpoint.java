package dev.holdfast.image.registry;

import dev.holdfast.image.ImageReference;
import java.net.URI;
import java.util.Locale;

/**
 * Where a registry answers.
 *
 * @param registry as references name it
 * @param base scheme and host
 */
record Endpoint(String registry, URI base) {
  /** A registry's encrypted endpoint. */
  static Endpoint secure(String registry) {
    // The registry that short names mean answers at another host than it is named after.
    String host =
        registry.equals(ImageReference.DEFAULT_REGISTRY)
            ? "registry-1." + ImageReference.DEFAULT_REGISTRY
            : registry;
    return new Endpoint(registry, URI.create("https://" + host));
  }

  /** The same without encryption; for loopback only. */
  Endpoint plain() {
    return new Endpoint(registry, URI.create("http://" + base.getRawAuthority()));
  }

  boolean loopback() {
    return loopback(base);
  }

  /** Whether nobody but this machine can be at the other end. Names are not resolved for it. */
  static boolean loopback(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    return host.equals("localhost")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}")
        || host.equals("[::1]");
  }

  /** Whether both have the same scheme, host and port. */
  static boolean sameOrigin(URI one, URI other) {
    return one.getScheme().equals(other.getScheme())
        && String.valueOf(one.getHost()).equalsIgnoreCase(String.valueOf(other.getHost()))
        && port(one) == port(other);
  }

  private static int port(URI uri) {
    return uri.getPort() != -1 ? uri.getPort() : uri.getScheme().equals("https") ? 443 : 80;
  }

  URI at(String path) {
    return base.resolve(path);
  }
}
