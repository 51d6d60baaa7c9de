package dev.holdfast.image.build;

import dev.holdfast.image.ImageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a {@code devcontainer.json} says of an image: where it comes from, and which steps of a
 * Dockerfile follow.
 *
 * @param image what it is made of; empty when a Dockerfile says so
 * @param dockerfile relative to the file; empty when an image is named
 * @param context relative to the file
 * @param arguments values for the Dockerfile's {@code ARG}s
 * @param steps the instructions that come last
 * @param unheeded the fields that have no effect here
 */
public record DevContainer(
    Optional<String> image,
    Optional<String> dockerfile,
    String context,
    Map<String, String> arguments,
    List<String> steps,
    List<String> unheeded) {
  private static final JsonMapper COMMENTED =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .build();

  private static final Set<String> HEEDED =
      Set.of(
          "name",
          "$schema",
          "image",
          "build",
          "containerEnv",
          "remoteEnv",
          "onCreateCommand",
          "postCreateCommand",
          "remoteUser");
  private static final Set<String> HEEDED_OF_BUILD = Set.of("dockerfile", "context", "args");

  public DevContainer {
    arguments = Map.copyOf(arguments);
    steps = List.copyOf(steps);
    unheeded = List.copyOf(unheeded);
  }

  /**
   * Reads one; comments and trailing commas are allowed.
   *
   * @throws ImageException when it is none, or asks for what cannot be given
   */
  public static DevContainer read(String json) {
    JsonNode all;
    try {
      all = COMMENTED.readTree(json);
    } catch (JacksonException e) {
      throw new ImageException("it is not JSON: " + e.getOriginalMessage(), e);
    }
    if (all.path("features").size() > 0) {
      throw new ImageException(
          "`features` are not allowed: they are fetched and run as root; install in the Dockerfile"
              + " what they would");
    }
    if (all.has("dockerComposeFile")) {
      throw new ImageException("`dockerComposeFile` is not allowed: `image` or `build` is");
    }
    Optional<String> image = text(all, "image");
    Optional<String> dockerfile = text(all.path("build"), "dockerfile");
    if (image.isPresent() == dockerfile.isPresent()) {
      throw new ImageException("it must have one of `image` and `build.dockerfile`");
    }
    return new DevContainer(
        image,
        dockerfile,
        text(all.path("build"), "context").orElse("."),
        texts(all.path("build"), "args"),
        steps(all),
        unheeded(all));
  }

  private static List<String> unheeded(JsonNode all) {
    var unheeded = new ArrayList<String>();
    all.propertyNames().stream().filter(name -> !HEEDED.contains(name)).forEach(unheeded::add);
    all.path("build").propertyNames().stream()
        .filter(name -> !HEEDED_OF_BUILD.contains(name))
        .forEach(name -> unheeded.add("build." + name));
    return unheeded;
  }

  private static List<String> steps(JsonNode all) {
    var steps = new ArrayList<String>();
    environment(all, "containerEnv", steps);
    text(all, "remoteUser").ifPresent(user -> steps.add("USER " + quoted(user)));
    environment(all, "remoteEnv", steps);
    for (String field : List.of("onCreateCommand", "postCreateCommand")) {
      commands(field, all.path(field), steps);
    }
    return steps;
  }

  private static void environment(JsonNode all, String field, List<String> steps) {
    Map<String, String> values = texts(all, field);
    for (Map.Entry<String, String> value : values.entrySet()) {
      if (!value.getKey().matches("[A-Za-z_][A-Za-z0-9_]*")) {
        throw new ImageException(
            "`%s` of `%s` is not allowed: a variable's name has letters, digits and `_`"
                .formatted(value.getKey(), field));
      }
    }
    if (!values.isEmpty()) {
      steps.add(
          values.entrySet().stream()
              .map(value -> value.getKey() + "=" + quoted(value.getValue()))
              .collect(Collectors.joining(" ", "ENV ", "")));
    }
  }

  /** A line for the shell, a program with its arguments, or several by name, taken in turn. */
  private static void commands(String field, JsonNode command, List<String> steps) {
    switch (command.getNodeType()) {
      case MISSING, NULL -> {}
      case STRING -> steps.add(run(List.of("/bin/sh", "-c", command.asString())));
      case ARRAY -> {
        var argv = new ArrayList<String>();
        for (JsonNode word : command) {
          if (!word.isString()) {
            throw wrong(field, "a string, an array of strings, or an object of those");
          }
          argv.add(word.asString());
        }
        if (!argv.isEmpty()) {
          steps.add(run(argv));
        }
      }
      case OBJECT -> command.forEach(each -> commands(field, each, steps));
      default -> throw wrong(field, "a string, an array of strings, or an object of those");
    }
  }

  private static String run(List<String> argv) {
    return "RUN " + JsonMapper.shared().writeValueAsString(argv);
  }

  /** As one word of a Dockerfile that stands for itself. */
  private static String quoted(String text) {
    if (text.contains("${")) {
      throw new ImageException(
          "`%s` is not allowed: variables of the editor are not understood".formatted(text));
    }
    if (text.chars().anyMatch(c -> c < ' ')) {
      throw new ImageException("a value with a control character is not allowed");
    }
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$") + '"';
  }

  private static Optional<String> text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isString() || value.asString().isBlank() || value.asString().contains("\n")) {
      throw wrong(field, "a line of text");
    }
    return Optional.of(value.asString());
  }

  private static Map<String, String> texts(JsonNode node, String field) {
    var texts = new TreeMap<String, String>();
    JsonNode values = node.path(field);
    if (!values.isMissingNode() && !values.isObject()) {
      throw wrong(field, "an object of strings");
    }
    for (Map.Entry<String, JsonNode> value : values.properties()) {
      if (!value.getValue().isString()) {
        throw wrong(field, "an object of strings");
      }
      texts.put(value.getKey(), value.getValue().asString());
    }
    return texts;
  }

  private static ImageException wrong(String field, String allowed) {
    return new ImageException("`%s` is not allowed: it must be %s".formatted(field, allowed));
  }

  /** The whole Dockerfile, where the one that is named says what it is made of. */
  public String dockerfile(String named) {
    String base = image.map(name -> "FROM " + name).orElse(named);
    return base + "\n" + String.join("\n", steps) + (steps.isEmpty() ? "" : "\n");
  }
}
