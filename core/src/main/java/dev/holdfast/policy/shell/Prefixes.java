package dev.holdfast.policy.shell;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Programs that run the command which their own arguments end with, and the options before it. */
final class Prefixes {
  static final Prefix XARGS =
      prefix(
              "0rtxpo",
              "IEadLnPs",
              "null no-run-if-empty verbose exit interactive open-tty",
              "arg-file"
                  + " delimiter max-lines max-args max-procs max-chars replace eof process-slot-var",
              0)
          .inWord("iel");
  static final Prefix WATCH =
      prefix(
          "bdegtcpx",
          "nq",
          "beep differences errexit chgexit no-title color precise",
          "interval",
          0);

  private static final Map<String, Prefix> KNOWN = new HashMap<>();

  static {
    KNOWN.put(
        "env", prefix("i0v", "uC", "ignore-environment null debug", "unset chdir", 0).assigning());
    KNOWN.put(
        "sudo",
        prefix("AbEHnPSi", "ughpCTDRr", "non-interactive preserve-env", "user group", 0)
            .assigning());
    KNOWN.put("doas", prefix("n", "uC", "", "", 0));
    KNOWN.put("nice", prefix("0123456789", "n", "", "adjustment", 0));
    KNOWN.put("nohup", prefix("", "", "", "", 0));
    KNOWN.put(
        "timeout",
        prefix("vfp", "sk", "foreground preserve-status verbose", "signal kill-after", 1));
    KNOWN.put("time", prefix("apv", "fo", "append portability verbose", "format output", 0));
    KNOWN.put("setsid", prefix("cfw", "", "ctty fork wait", "", 0));
    KNOWN.put("stdbuf", prefix("", "ioe", "", "input output error", 0));
    KNOWN.put("ionice", prefix("t", "cn", "ignore", "class classdata", 0));
    KNOWN.put("taskset", prefix("c", "", "cpu-list", "", 1));
    KNOWN.put("chrt", prefix("bfiorR", "", "", "", 1));
    KNOWN.put("strace", prefix("fcCdqrtTvxyk", "eoEpsPuaIOSX", "", "", 0));
    KNOWN.put("ltrace", prefix("fcCrtS", "eosuaAlnpx", "", "", 0));
    KNOWN.put("faketime", prefix("", "", "", "", 1));
    KNOWN.put("xvfb-run", prefix("a", "sefnpw", "auto-servernum", "server-args", 0));
    KNOWN.put("fakeroot", prefix("", "", "", "", 0));
    KNOWN.put("catchsegv", prefix("", "", "", "", 0));
    KNOWN.put("unbuffer", prefix("p", "", "", "", 0));
    KNOWN.put("prlimit", prefix("", "", "", "nofile nproc as core cpu data fsize stack", 0));
    KNOWN.put("command", prefix("pvV", "", "", "", 0));
    KNOWN.put("builtin", prefix("", "", "", "", 0));
    KNOWN.put("exec", prefix("cl", "a", "", "", 0));
    KNOWN.put("coproc", prefix("", "", "", "", 0));
  }

  private Prefixes() {}

  static @Nullable Prefix of(String program) {
    return KNOWN.get(program);
  }

  private static Prefix prefix(
      String flags, String valued, String longFlags, String longValued, int operands) {
    return new Prefix(flags, valued, split(longFlags), split(longValued), operands, false, "");
  }

  private static Set<String> split(String names) {
    return Set.copyOf(Arrays.asList(names.split(" ", -1)));
  }

  /**
   * The options of one such program.
   *
   * @param flags letters of options without a value
   * @param valued letters of options with one, in the same word or the next
   * @param operands words that stand between the options and the command
   * @param assignments whether variables may be set before the command
   * @param optional letters of options whose value, if any, is in the same word
   */
  record Prefix(
      String flags,
      String valued,
      Set<String> longFlags,
      Set<String> longValued,
      int operands,
      boolean assignments,
      String optional) {

    Prefix assigning() {
      return new Prefix(flags, valued, longFlags, longValued, operands, true, optional);
    }

    Prefix inWord(String letters) {
      return new Prefix(flags, valued, longFlags, longValued, operands, assignments, letters);
    }

    /** The index of the command's first word; -1 when the options are not understood. */
    int skip(List<Word> words) {
      var i = 0;
      while (i < words.size() && words.get(i).text().startsWith("-")) {
        var word = words.get(i);
        if (!word.literal()) {
          return -1;
        }
        i++;
        if (word.text().equals("--")) {
          break;
        }
        var values = values(word.text());
        if (values < 0) {
          return -1;
        }
        i += values;
      }
      return i > words.size() ? -1 : i + Math.min(operands, words.size() - i);
    }

    /** How many further words belong to an option. */
    private int values(String option) {
      if (option.startsWith("--")) {
        var name = option.substring(2).replaceFirst("=.*", "");
        if (longFlags.contains(name)) {
          return 0;
        }
        return longValued.contains(name) ? (option.contains("=") ? 0 : 1) : -1;
      }
      for (var i = 1; i < option.length(); i++) {
        var c = option.charAt(i);
        if (valued.indexOf(c) >= 0) {
          return i + 1 < option.length() ? 0 : 1;
        } else if (optional.indexOf(c) >= 0) {
          return 0;
        } else if (flags.indexOf(c) < 0) {
          return -1;
        }
      }
      return option.length() > 1 ? 0 : -1;
    }
  }
}
