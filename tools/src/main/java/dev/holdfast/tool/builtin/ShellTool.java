package dev.holdfast.tool.builtin;

import dev.holdfast.tool.Reach;
import dev.holdfast.tool.ToolContext;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.WorkbenchSpec;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Runs shell scripts. */
final class ShellTool extends BuiltIn {
  private static final int DEFAULT_SECONDS = 120;
  private static final int SHOWN_CHARACTERS = 16_000;

  /**
   * Starts $2 (a shell) with $3 (the script) apart from this one, and prints its process id. The
   * script is an argument: no text is put together here.
   */
  private static final String BACKGROUND =
      "mkdir -p /tmp/background || exit; setsid \"$2\" -c \"$3\" >\"$1\" 2>&1 </dev/null & echo $!";

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
    var result = inShell(context, spec, "-c", input.text("script"));
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
    var shell = hasBash(context) ? "bash" : "sh";
    var spec =
        withArgv(within, List.of("sh", "-c", BACKGROUND, "sh", log, shell, script))
            .withLeftovers(ExecSpec.Leftovers.KEEP);
    var result = Programs.run(context, spec);
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

  /** In bash where there is one: finding out costs nothing, the guest says that it is missing. */
  private static ExecResult inShell(ToolContext context, ExecSpec spec, String... arguments) {
    var inBash = withArgv(spec, command("bash", arguments));
    var result = context.workbench().exec(inBash);
    if (result.end() instanceof End.NotStarted) {
      return Programs.run(context, withArgv(spec, command("sh", arguments)));
    }
    return Programs.ended(result, inBash);
  }

  private static boolean hasBash(ToolContext context) {
    return context.workbench().exec(Programs.spec(context, List.of("bash", "-c", ":"))).succeeded();
  }

  private static List<String> command(String shell, String... arguments) {
    var argv = new java.util.ArrayList<String>();
    argv.add(shell);
    argv.addAll(List.of(arguments));
    return argv;
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
