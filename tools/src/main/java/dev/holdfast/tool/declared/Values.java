package dev.holdfast.tool.declared;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.builtin.WorkspacePath;
import dev.holdfast.workbench.WorkbenchSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The values that a call gives to a tool's parameters, as texts.
 *
 * @param absolute whether paths are written from the root: where the command does not run in the
 *     workspace itself
 */
record Values(Map<String, Parameter> parameters, JsonNode input, boolean absolute) {
  /** Whether anything was given that is not false. */
  boolean holds(String parameter) {
    var value = input.path(parameter);
    return value.isBoolean() ? value.booleanValue() : !texts(parameter).isEmpty();
  }

  /** The value of a parameter that is no list; empty when it is absent. */
  Optional<String> text(String parameter) {
    return texts(parameter).stream().findFirst();
  }

  /** All values of a parameter; none when it is absent. */
  List<String> texts(String parameter) {
    var known = parameters.get(parameter);
    if (known == null) {
      throw new IllegalArgumentException("parameter `%s` is not known".formatted(parameter));
    }
    return given(known).map(text -> asArgument(known, text)).toList();
  }

  /** Every path that the call names, as policies see them. */
  List<String> paths() {
    return parameters.values().stream()
        .filter(Parameter::path)
        .flatMap(this::given)
        .map(WorkspacePath::of)
        .toList();
  }

  private Stream<String> given(Parameter parameter) {
    var value = input.path(parameter.name());
    if (value.isMissingNode() || value.isNull()) {
      return Stream.empty();
    }
    return value.isArray()
        ? value.valueStream().map(JsonNode::asString)
        : Stream.of(value.asString());
  }

  private String asArgument(Parameter parameter, String text) {
    if (text.indexOf('\0') >= 0) {
      throw new ToolFault(
          ErrorCode.INVALID_INPUT,
          "`%s` contains a NUL character".formatted(parameter.name()),
          "leave it out: no program can be given one");
    }
    if (!parameter.path()) {
      return text;
    }
    var path = WorkspacePath.of(text);
    if (absolute && !path.startsWith("/")) {
      return WorkbenchSpec.WORKSPACE + "/" + path;
    }
    return path.startsWith("-") ? "./" + path : path;
  }
}
