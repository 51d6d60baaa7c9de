package dev.holdfast.image.registry;

import dev.holdfast.image.ImageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A program that knows credentials, {@code docker-credential-NAME}, named by the user.
 *
 * @param env what it is started with; {@code PATH} says where it is
 */
public record CredentialHelper(String name, Map<String, String> env) {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int MAX_BYTES = 64 << 10;

  public CredentialHelper {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")) {
      throw new ImageException(
          "credential helper `%s` is not allowed: letters, digits, `_`, `.` and `-`, no path"
              .formatted(name));
    }
    env = Map.copyOf(env);
  }

  boolean isNamed(String other) {
    return name.equals(other);
  }

  /** Asks it; empty when it knows nothing of the registry. */
  Optional<Credentials> ask(String registry) {
    try {
      var builder = new ProcessBuilder(program().toString(), "get");
      builder.environment().clear();
      builder.environment().putAll(env);
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      Process process = builder.start();
      try {
        return answer(process, registry);
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (IOException e) {
      throw new ImageException(
          "credential helper `%s` failed: %s".formatted(name, e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ImageException("interrupted while asking credential helper `" + name + "`", e);
    }
  }

  private Path program() {
    return Arrays.stream(env.getOrDefault("PATH", "/usr/bin:/bin").split(":", -1))
        .filter(directory -> directory.startsWith("/"))
        .map(directory -> Path.of(directory, "docker-credential-" + name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new ImageException(
                    "credential helper `docker-credential-%s` is not in PATH".formatted(name)));
  }

  private Optional<Credentials> answer(Process process, String registry)
      throws IOException, InterruptedException {
    try (var stdin = process.getOutputStream()) {
      stdin.write(registry.getBytes(StandardCharsets.UTF_8));
    } catch (IOException unread) {
      // One that ends without reading the question has its answer in how it ended.
    }
    // Ends the read below when the program neither answers nor ends.
    var killer =
        Thread.startVirtualThread(
            () -> {
              try {
                if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                  process.descendants().forEach(ProcessHandle::destroyForcibly);
                  process.destroyForcibly();
                }
              } catch (InterruptedException answered) {
                Thread.currentThread().interrupt();
              }
            });
    byte[] output = process.getInputStream().readNBytes(MAX_BYTES);
    boolean ended = process.waitFor(1, TimeUnit.SECONDS);
    killer.interrupt();
    return ended && process.exitValue() == 0 ? parse(output) : Optional.empty();
  }

  private Optional<Credentials> parse(byte[] output) {
    try {
      JsonNode answer = JsonMapper.shared().readTree(output);
      String user = answer.path("Username").asString("");
      String secret = answer.path("Secret").asString("");
      return user.equals("<token>")
          ? Optional.of(new Credentials.IdentityToken(secret))
          : Optional.of(new Credentials.Basic(user, secret));
    } catch (JacksonException e) {
      throw new ImageException("credential helper `%s` answered no JSON".formatted(name));
    }
  }
}
