package dev.holdfast.image.registry;

import dev.holdfast.image.ImageException;
import dev.holdfast.image.ImageReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * The credentials that {@code docker login} and {@code podman login} have stored. The file can name
 * programs that know more (credential helpers); those are started only when the user has named the
 * very program too, because whoever can write the file could otherwise have anything run.
 */
public final class DockerConfig implements CredentialStore {
  private static final long MAX_BYTES = 1 << 20;

  private final List<Path> files;
  private final Optional<CredentialHelper> helper;

  /**
   * @param files looked at in this order; missing ones are fine
   * @param helper the credential helper that the user has named
   */
  public DockerConfig(List<Path> files, Optional<CredentialHelper> helper) {
    this.files = List.copyOf(files);
    this.helper = helper;
  }

  /** Where the files are for a user with this environment. */
  public static List<Path> places(Map<String, String> env) {
    var home = Path.of(env.getOrDefault("HOME", System.getProperty("user.home", "/")));
    var docker =
        Optional.ofNullable(env.get("DOCKER_CONFIG")).map(Path::of).orElse(home.resolve(".docker"));
    var podman =
        Optional.ofNullable(env.get("REGISTRY_AUTH_FILE"))
            .map(Path::of)
            .orElse(
                Path.of(env.getOrDefault("XDG_RUNTIME_DIR", "/run/containers/0"))
                    .resolve("containers/auth.json"));
    return List.of(docker.resolve("config.json"), podman);
  }

  @Override
  public Found find(String registry) {
    var keys = keys(registry);
    String hint = "";
    for (Path file : files) {
      JsonNode config = read(file);
      Optional<String> named = helperFor(config, keys);
      if (named.isPresent() && helper.isPresent() && helper.get().isNamed(named.get())) {
        var answer = helper.get().ask(keys.getFirst());
        if (answer.isPresent()) {
          return new Found(answer, "");
        }
      } else if (named.isPresent()) {
        hint =
            "`%s` says that the credential helper `%s` knows more; it is asked when you name it"
                .formatted(file, named.get());
      }
      Optional<Credentials> stored = stored(config.path("auths"), keys, file);
      if (stored.isPresent()) {
        return new Found(stored, "");
      }
    }
    return new Found(Optional.empty(), hint);
  }

  /** The names that a registry's entry may have in the file. */
  private static List<String> keys(String registry) {
    return registry.equals(ImageReference.DEFAULT_REGISTRY)
        ? List.of("https://index." + registry + "/v1/", "index." + registry, registry)
        : List.of(registry, "https://" + registry, "https://" + registry + "/v2/");
  }

  private static JsonNode read(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ImageException(
            "`%s` is not allowed: it has more than %d bytes".formatted(file, MAX_BYTES));
      }
      return JsonMapper.shared().readTree(Files.readAllBytes(file));
    } catch (NoSuchFileException none) {
      return MissingNode.getInstance();
    } catch (IOException e) {
      throw new ImageException("cannot read `%s`: %s".formatted(file, e.getMessage()), e);
    } catch (JacksonException e) {
      // The parser's own message would quote the file, and with it a secret.
      throw new ImageException("`%s` is not JSON".formatted(file));
    }
  }

  private static Optional<String> helperFor(JsonNode config, List<String> keys) {
    return keys.stream()
        .map(key -> config.path("credHelpers").path(key).asString(""))
        .filter(name -> !name.isEmpty())
        .findFirst()
        .or(() -> Optional.of(config.path("credsStore").asString("")))
        .filter(name -> !name.isEmpty());
  }

  private static Optional<Credentials> stored(JsonNode auths, List<String> keys, Path file) {
    for (String key : keys) {
      JsonNode entry = auths.path(key);
      String token = entry.path("identitytoken").asString("");
      if (!token.isEmpty()) {
        return Optional.of(new Credentials.IdentityToken(token));
      }
      String auth = entry.path("auth").asString("");
      if (!auth.isEmpty()) {
        return Optional.of(decode(auth, key, file));
      }
      String user = entry.path("username").asString("");
      if (!user.isEmpty()) {
        return Optional.of(new Credentials.Basic(user, entry.path("password").asString("")));
      }
    }
    return Optional.empty();
  }

  private static Credentials decode(String auth, String key, Path file) {
    try {
      var text = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      if (colon > 0) {
        return new Credentials.Basic(
            text.substring(0, colon), text.substring(colon + 1).replaceAll("\0+$", ""));
      }
    } catch (IllegalArgumentException notBase64) {
      // Said below, without the value.
    }
    throw new ImageException(
        "the entry `%s` of `%s` is not allowed: `auth` must be base64 of USER:PASSWORD"
            .formatted(key, file));
  }
}
