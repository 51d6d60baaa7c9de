package dev.holdfast.cli;

/** What {@code holdfast --help} says. */
final class Overview {
  private Overview() {}

  static String text() {
    var text =
        new StringBuilder(
            """
            Holdfast: the platform on which AI agents act.

            Usage: holdfast [OPTIONS] COMMAND [ARGUMENTS]
            """);
    for (var group : CommandName.Group.values()) {
      append(text, group);
    }
    return text.append(
            """

            Options, before or after the command:
              -h, --help       shows the help of a command
                  --home DIR   where state is kept; otherwise $HOLDFAST_HOME, otherwise ~/.holdfast
                  --json       prints results as JSON, one object a line
                  --color WHEN auto, always or never
                  --debug      shows where an error came from
              -V, --version    prints the version

            docs/getting-started.md begins at the beginning; docs/cli.md lists the exit codes.
            """)
        .toString();
  }

  private static void append(StringBuilder text, CommandName.Group group) {
    var heading = false;
    for (var name : CommandName.values()) {
      if (name.group() == group) {
        if (!heading) {
          text.append("\n").append(group.title()).append(":\n");
          heading = true;
        }
        text.append("  %-12s %s%n".formatted(name.typed(), name.summary()));
      }
    }
  }
}
