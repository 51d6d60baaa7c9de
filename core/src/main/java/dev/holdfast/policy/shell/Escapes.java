package dev.holdfast.policy.shell;

import java.util.Map;
import java.util.regex.Pattern;

/** Options by which ordinary programs run other commands. */
final class Escapes {
  private static final Map<String, Pattern> OPTIONS =
      Map.of(
          "tar",
          Pattern.compile(
              "-[A-Za-z]*[IF].*|--(checkpoint-action|to-command|use-compress-program"
                  + "|rsh-command|info-script|new-volume-script)(=.*)?"),
          "rsync",
          Pattern.compile("-[A-Za-z]*e.*|--rsh(=.*)?|--rsync-path(=.*)?"),
          "sort",
          Pattern.compile("--compress-program(=.*)?"),
          "split",
          Pattern.compile("--filter(=.*)?"),
          "zip",
          Pattern.compile("-TT.*|--unzip-command(=.*)?"),
          "man",
          Pattern.compile("-[A-Za-z]*[PH].*|--pager(=.*)?|--html(=.*)?"),
          "rg",
          Pattern.compile("--pre(=.*)?|--hostname-bin(=.*)?"),
          "git",
          Pattern.compile(
              "-c|-c.+=.*|--config-env(=.*)?|--exec-path=.*|--exec(=.*)?|-x|--extcmd(=.*)?"
                  + "|--upload-pack(=.*)?|--receive-pack(=.*)?|-u.+|--open-files-in-pager(=.*)?|-O.*"
                  + "|filter-branch|bisect|foreach|alias\\..*|ext::.*"));

  private Escapes() {}

  static void check(Invocation invocation, Collector collector) {
    var pattern = OPTIONS.get(invocation.name());
    if (pattern == null) {
      return;
    }
    for (var word : invocation.arguments()) {
      if (pattern.matcher(word.text()).matches()) {
        collector.unknown(
            "`%s %s` can run other commands".formatted(invocation.name(), word.text()));
      }
    }
  }
}
