package dev.holdfast.cli.doctor;

import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.Terminal;
import java.util.List;

/** Gets the machine ready for a command that promises to set up what it needs. */
public final class Readiness {
  private Readiness() {}

  /**
   * Installs what Holdfast requires and is missing, as {@code doctor --fix} does, with a line for
   * each; then says what still does not work. The command may go on: it refuses by itself what it
   * cannot do, and another layer may do.
   */
  public static void ensure(Context context) throws InterruptedException {
    var host = new Host(context.env(), context.home());
    ensure(Checks.required(), new Repair(host, context.terminal()), context.terminal());
  }

  static void ensure(List<Check> checks, Repair repair, Terminal terminal)
      throws InterruptedException {
    for (var examination : repair.mend(checks, false)) {
      if (examination.finding() instanceof Finding.Broken(var detail, var remedy)) {
        var mend = remedy.command().isEmpty() ? "" : "; mend it with: " + remedy.command();
        terminal.note("holdfast: %s: %s%s".formatted(examination.check().title(), detail, mend));
      }
    }
  }
}
