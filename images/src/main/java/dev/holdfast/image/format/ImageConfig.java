package dev.holdfast.image.format;

import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.Platform;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How an image wants to be run.
 *
 * @param user as the image writes it: {@code name}, {@code uid}, with {@code :group} or without
 * @param directory where its programs start, absolute; empty when it does not say
 * @param diffIds the digests of its layers' tar files, lowest first
 */
public record ImageConfig(
    Platform platform,
    Map<String, String> env,
    String user,
    String directory,
    List<String> entrypoint,
    List<String> command,
    List<Digest> diffIds) {
  /** The largest configuration, in bytes. */
  public static final int MAX_BYTES = 8 << 20;

  private static final int MOST = 4096;
  private static final int ENV_CHARACTERS = 128 << 10;

  public ImageConfig {
    env = Map.copyOf(env);
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    diffIds = List.copyOf(diffIds);
  }

  /**
   * Reads a configuration.
   *
   * @throws ImageException when it is none, or asks for what cannot be given
   */
  public static ImageConfig read(byte[] json) {
    Fields fields = Fields.parse(json, "image configuration");
    Fields config = fields.object("config");
    String directory = config.text("WorkingDir").orElse("");
    if (!directory.isEmpty() && (!directory.startsWith("/") || directory.indexOf(0) >= 0)) {
      throw new ImageException(
          "the image's directory `%s` is not allowed: it must be absolute".formatted(directory));
    }
    return new ImageConfig(
        new Platform(
            fields.text("os").orElse(""),
            fields.text("architecture").orElse(""),
            fields.text("variant").orElse("")),
        environment(config.texts("Env", MOST)),
        config.text("User").orElse(""),
        directory,
        config.texts("Entrypoint", MOST),
        config.texts("Cmd", MOST),
        fields.object("rootfs").texts("diff_ids", MOST).stream().map(Digest::parse).toList());
  }

  private static Map<String, String> environment(List<String> lines) {
    var env = new LinkedHashMap<String, String>();
    int characters = 0;
    for (String line : lines) {
      int equals = line.indexOf('=');
      characters += line.length();
      if (equals < 1 || line.indexOf(0) >= 0 || characters > ENV_CHARACTERS) {
        throw new ImageException(
            "the image's environment is not allowed: NAME=VALUE, without NUL, %d characters in all"
                .formatted(ENV_CHARACTERS));
      }
      env.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return env;
  }
}
