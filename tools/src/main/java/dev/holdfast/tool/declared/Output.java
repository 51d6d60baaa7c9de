package dev.holdfast.tool.declared;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.builtin.Clip;
import dev.holdfast.tool.builtin.Programs;
import dev.holdfast.tool.registry.InputCheck;
import dev.holdfast.workbench.ExecResult;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a command's output means.
 *
 * @param schema of the tool's output
 * @param exitCodes those with which the command has done what was asked
 * @param onFailure what a model should do when it has not
 */
record Output(Form form, JsonNode schema, Set<Integer> exitCodes, String onFailure) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MOST_LINES = 5_000;
  private static final int ERROR_CHARACTERS = 4_000;

  static final String USUAL_GUIDANCE = "read what it says, correct the input, and call it again";

  Output {
    exitCodes = Set.copyOf(exitCodes);
  }

  /** What stdout is. */
  enum Form {
    TEXT,
    LINES,
    JSON
  }

  /** Whether its declaration says what to do on failure. */
  boolean guided() {
    return !onFailure.equals(USUAL_GUIDANCE);
  }

  /** The schema of the forms that have their own. */
  static JsonNode schemaOf(Form form) {
    var content =
        switch (form) {
          case TEXT -> "\"text\": {\"type\": \"string\"}";
          case LINES -> "\"lines\": {\"type\": \"array\", \"items\": {\"type\": \"string\"}}";
          case JSON -> throw new IllegalArgumentException("JSON has no schema of its own");
        };
    return JSON.readTree(
        """
        {"type": "object", "required": ["exit_code", "%s", "clipped"], "properties": {
          "exit_code": {"type": "integer"}, %s,
          "stderr": {"type": "string", "description": "Present when the program wrote any."},
          "clipped": {"type": "boolean", "description": "Whether output was left out."}}}
        """
            .formatted(form == Form.TEXT ? "text" : "lines", content));
  }

  /** An example's output: a text or a list stands for the whole answer. */
  JsonNode example(JsonNode given) {
    if (form == Form.JSON || given.isObject()) {
      return given;
    }
    var output = answer(0, "", false);
    output.set(form == Form.TEXT ? "text" : "lines", given);
    return output;
  }

  /**
   * The tool's output.
   *
   * @param limitBytes most that a model is shown
   * @throws ToolFault when the command failed or wrote something else than was declared
   */
  JsonNode read(String program, ExecResult result, int limitBytes, InputCheck check) {
    int code = Programs.exitCode(result.end());
    if (!exitCodes.contains(code)) {
      throw new ToolFault(
          ErrorCode.COMMAND_FAILED,
          "`%s` ended with %d: %s"
              .formatted(
                  program, code, Clip.middle(Programs.said(result).strip(), ERROR_CHARACTERS)),
          onFailure);
    }
    var error = Clip.middle(result.stderrText(), ERROR_CHARACTERS);
    var text = result.stdoutText();
    return switch (form) {
      case TEXT -> {
        var shown = Clip.middle(text, limitBytes / 2);
        yield answer(code, error, shown.length() < text.length()).put("text", shown);
      }
      case LINES -> {
        var output = answer(code, error, text.lines().skip(MOST_LINES).findAny().isPresent());
        var lines = output.putArray("lines");
        text.lines().limit(MOST_LINES).forEach(lines::add);
        yield output;
      }
      case JSON -> json(program, text, check);
    };
  }

  private static ObjectNode answer(int code, String error, boolean clipped) {
    var output = JSON.createObjectNode().put("exit_code", code).put("clipped", clipped);
    return error.isEmpty() ? output : output.put("stderr", error);
  }

  private JsonNode json(String program, String text, InputCheck check) {
    JsonNode output;
    try {
      output = JSON.readTree(text);
    } catch (JacksonException e) {
      throw wrong(program, "is not JSON: " + e.getOriginalMessage());
    }
    check
        .problem(schema, output)
        .ifPresent(
            problem -> {
              throw wrong(program, "is not what the tool promises: " + problem);
            });
    return output;
  }

  private ToolFault wrong(String program, String how) {
    return new ToolFault(
        ErrorCode.COMMAND_FAILED,
        "the output of `%s` %s".formatted(program, Clip.head(how, ERROR_CHARACTERS)),
        onFailure);
  }
}
