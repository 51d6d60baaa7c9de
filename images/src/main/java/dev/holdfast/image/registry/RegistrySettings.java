package dev.holdfast.image.registry;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How patient a client is, and whom it believes.
 *
 * @param attempts how often one request is made at most
 * @param backoff the wait before the second attempt; it doubles with each further one
 * @param answer the longest wait for the beginning of an answer
 * @param stall the longest wait for the next bytes of one
 * @param certificates directories with further certificates, by registry
 */
public record RegistrySettings(
    int attempts, Duration backoff, Duration answer, Duration stall, List<Path> certificates) {
  public RegistrySettings {
    certificates = List.copyOf(certificates);
  }

  /** What suits the internet, with certificates where Docker and Podman keep theirs. */
  public static RegistrySettings standard() {
    return new RegistrySettings(
        5,
        Duration.ofMillis(300),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        List.of(Path.of("/etc/docker/certs.d"), Path.of("/etc/containers/certs.d")));
  }
}
