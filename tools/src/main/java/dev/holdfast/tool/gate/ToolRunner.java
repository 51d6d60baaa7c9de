package dev.holdfast.tool.gate;

import dev.holdfast.run.EventLogException;
import dev.holdfast.tool.Effect;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Outcome;
import dev.holdfast.tool.ToolError;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.registry.InputCheck;
import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workspace.WorkspaceException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs a permitted call and turns everything that can come of it into an outcome. */
final class ToolRunner {
  private final InputCheck schemas;

  ToolRunner(InputCheck schemas) {
    this.schemas = schemas;
  }

  Outcome run(RunSession run, UsableCall call) {
    var outcome = attempt(run, call);
    boolean whole =
        outcome instanceof Outcome.Completed
            && !call.tool().definition().effects().contains(Effect.EXECUTE);
    return run.isStopped() && !whole ? cutShort() : outcome;
  }

  private static Outcome cutShort() {
    return new Outcome.Killed(
        new ToolError(
            ErrorCode.INTERRUPTED,
            "a person stopped the run while this call was under way, which may be half done",
            "look at what is there before you make the call again"),
        "");
  }

  private Outcome attempt(RunSession run, UsableCall call) {
    var limits = call.tool().definition().limits();
    var context = new CallContext(run, call.call().id(), limits.time());
    try {
      return completed(call, call.tool().call(context, call.input()), limits.outputBytes());
    } catch (ToolFault fault) {
      return ofFault(fault, context);
    } catch (FileError error) {
      return new Outcome.Failed(ofFileError(error));
    } catch (WorkbenchException | WorkspaceException error) {
      return new Outcome.Failed(
          new ToolError(
              ErrorCode.UNAVAILABLE,
              String.valueOf(error.getMessage()),
              "try once more; if it fails again, report it and stop"));
    } catch (RunStopped stopped) {
      return cutShort();
    } catch (EventLogException error) {
      throw error; // what cannot be recorded must not go on
    } catch (RuntimeException defect) {
      return new Outcome.Failed(
          new ToolError(
              ErrorCode.INTERNAL,
              "the tool `%s` has a defect: %s".formatted(call.call().tool(), defect),
              "use another tool"));
    }
  }

  private Outcome completed(UsableCall call, JsonNode output, int limitBytes) {
    Optional<String> wrong = schemas.outputProblem(call.tool(), output);
    if (wrong.isPresent()) {
      return new Outcome.Failed(
          new ToolError(
              ErrorCode.INTERNAL,
              "the tool `%s` answered against its own schema: %s"
                  .formatted(call.call().tool(), wrong.get()),
              "use another tool"));
    }
    var clipped = OutputClip.clip(output, limitBytes);
    return new Outcome.Completed(withNotes(clipped.output(), call), clipped.clipped());
  }

  /** Tells the model how its input was mended, where the output has room for it. */
  private static JsonNode withNotes(JsonNode output, UsableCall call) {
    if (call.notes().isEmpty() || !(output instanceof ObjectNode object)) {
      return output;
    }
    var noted = object.deepCopy();
    var notes = noted.putArray("input_notes");
    call.notes().forEach(notes::add);
    return noted;
  }

  private static Outcome ofFault(ToolFault fault, CallContext context) {
    var error = fault.error();
    return switch (error.code()) {
      case TIMED_OUT -> new Outcome.TimedOut(context.limit(), fault.partial());
      case OUTPUT_EXCEEDED, OUT_OF_MEMORY -> new Outcome.Killed(error, fault.partial());
      case UNKNOWN_TOOL,
          INVALID_INPUT,
          NOT_FOUND,
          OUTSIDE_WORKSPACE,
          CONFLICT,
          NOT_ALLOWED,
          APPROVAL_DENIED,
          BUDGET_EXHAUSTED,
          DEGRADED,
          DISK_FULL,
          COMMAND_FAILED,
          INTERRUPTED,
          UNAVAILABLE,
          INTERNAL ->
          new Outcome.Failed(error);
    };
  }

  private static ToolError ofFileError(FileError error) {
    var code =
        switch (error.code()) {
          case NOT_FOUND -> ErrorCode.NOT_FOUND;
          case OUTSIDE -> ErrorCode.OUTSIDE_WORKSPACE;
          case NO_SPACE -> ErrorCode.DISK_FULL;
          case NOT_ALLOWED -> ErrorCode.NOT_ALLOWED;
          case IS_DIRECTORY, NOT_DIRECTORY, TOO_LARGE -> ErrorCode.INVALID_INPUT;
          case OTHER -> ErrorCode.COMMAND_FAILED;
        };
    return new ToolError(
        code, String.valueOf(error.getMessage()), "check the path with list_files, then try again");
  }
}
