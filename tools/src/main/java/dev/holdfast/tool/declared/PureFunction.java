package dev.holdfast.tool.declared;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.builtin.Programs;
import dev.holdfast.tool.builtin.WorkspacePath;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.FunctionCall;
import dev.holdfast.workbench.FunctionModule;
import dev.holdfast.workbench.PureFunctions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A WebAssembly module that a tool calls: it is given the input on stdin, as JSON, and copies of
 * the files that the input names. A workbench is needed only to read those.
 */
record PureFunction(
    PureFunctions functions,
    FunctionModule module,
    FunctionCall.Clock clock,
    FunctionCall.Chance chance,
    long memoryBytes) {
  private static final long OUTPUT_BYTES = 2L << 20;
  private static final int MOST_FILE_BYTES = 8 << 20;

  /**
   * Calls it.
   *
   * @throws ToolFault when it did not end by itself
   */
  ExecResult call(ToolContext context, Rendering rendering, JsonNode input) {
    var command = rendering.command();
    var files = files(context, rendering);
    var left = context.timeLeft();
    var time = left.isPositive() ? left : Duration.ofMillis(1);
    var call =
        new FunctionCall(
            command.subList(1, command.size()),
            rendering.env(),
            input.toString().getBytes(StandardCharsets.UTF_8),
            files,
            new FunctionCall.Limits(memoryBytes, time, OUTPUT_BYTES),
            clock,
            chance);
    return Programs.ended(functions.call(module, call), ExecSpec.of(command, Caps.DEFAULT));
  }

  private static Map<String, byte[]> files(ToolContext context, Rendering rendering) {
    var files = new HashMap<String, byte[]>();
    for (var path : rendering.values().paths()) {
      WorkspacePath.require(path);
      var content = context.workbench().files().read(path, 0, MOST_FILE_BYTES + 1);
      if (content.length > MOST_FILE_BYTES) {
        throw new ToolFault(
            ErrorCode.INVALID_INPUT,
            "the file `%s` has more than %d bytes".formatted(path, MOST_FILE_BYTES),
            "name a smaller one");
      }
      files.put(path, content);
    }
    return files;
  }
}
