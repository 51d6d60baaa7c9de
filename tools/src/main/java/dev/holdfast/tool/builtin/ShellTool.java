package dev.holdfast.tool.builtin;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.WorkbenchSpec;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Runs shell scripts. */
final class ShellTool extends BuiltIn {
  private static final int DEFAULT_SECONDS = 120;
  private static final int SHOWN_CHARACTERS = 16_000;

  /**
   * Starts bash with $2 (the script) apart from this one, and prints its process id. The script is
   * an argument: no text is put together here.
   */
  private static final String BACKGROUND =
      "mkdir -p /tmp/background || exit; setsid bash -c \"$2\" >\"$1\" 2>&1 </dev/null & echo $!";

  ShellTool() {
    super("shell");
  }

  @Override
  Reach reach(Input input) {
    var directory = input.has("directory") ? List.of(input.path("directory")) : List.<String>of();
    return new Reach(directory, List.of(), input.text("script"), List.of());
  }

  @Override
  JsonNode call(ToolContext context, Input input) {
    var directory = input.path("directory");
    if (input.has("directory")) {
      WorkspacePath.requireExisting(context.workbench().files(), directory);
    }
    var where = directory.equals(".") ? "" : "/" + directory;
    var within =
        Programs.spec(context, List.of("true")).withDirectory(WorkbenchSpec.WORKSPACE + where);
    return input.flag("background")
        ? background(context, input.text("script"), within)
        : foreground(context, input, within);
  }

  private static JsonNode foreground(ToolContext context, Input input, ExecSpec within) {
    var spec =
        within.withWallTime(
            Programs.within(context, input.number("timeout_seconds", DEFAULT_SECONDS)));
    var result = inBash(context, spec, "-c", input.text("script"));
    var out = result.stdoutText();
    var err = result.stderrText();
    return JsonNodeFactory.instance
        .objectNode()
        .put("exit_code", Programs.exitCode(result.end()))
        .put("stdout", Clip.middle(out, SHOWN_CHARACTERS))
        .put("stderr", Clip.middle(err, SHOWN_CHARACTERS))
        .put("clipped", out.length() > SHOWN_CHARACTERS || err.length() > SHOWN_CHARACTERS)
        .put("duration_ms", result.use().wall().toMillis());
  }

  private static JsonNode background(ToolContext context, String script, ExecSpec within) {
    var log = "/tmp/background/%s.log".formatted(context.call());
    var spec = within.withLeftovers(ExecSpec.Leftovers.KEEP);
    var result = inBash(context, spec, "-c", BACKGROUND, "bash", log, script);
    var output =
        JsonNodeFactory.instance
            .objectNode()
            .put("stdout", "")
            .put("stderr", result.stderrText())
            .put("duration_ms", result.use().wall().toMillis());
    var pid = result.stdoutText().strip();
    if (result.succeeded() && pid.matches("\\d{1,9}")) {
      output.putObject("background").put("pid", Integer.parseInt(pid)).put("log", log);
    } else {
      output.put("exit_code", Programs.exitCode(result.end()));
    }
    return output;
  }

  /**
   * Runs a command of bash. Policies read scripts as bash does; another shell would read the same
   * text differently, so there is no other.
   */
  private static ExecResult inBash(ToolContext context, ExecSpec spec, String... arguments) {
    var argv = new ArrayList<>(List.of("bash"));
    argv.addAll(List.of(arguments));
    var inBash = withArgv(spec, argv);
    var result = context.workbench().exec(inBash);
    if (result.end() instanceof End.NotStarted(String reason)) {
      throw new ToolFault(
          ErrorCode.UNAVAILABLE,
          "there is no bash in this workbench (%s), and no other shell runs scripts: they are judged as bash reads them"
              .formatted(reason),
          "use the tools that need no shell, and ask the person for a workbench with bash");
    }
    return Programs.ended(result, inBash);
  }

  private static ExecSpec withArgv(ExecSpec spec, List<String> argv) {
    return new ExecSpec(
        argv,
        spec.env(),
        spec.directory(),
        spec.stdin(),
        spec.keepStdin(),
        spec.terminal(),
        spec.wallTime(),
        spec.outputBytes(),
        spec.leftovers());
  }
}
