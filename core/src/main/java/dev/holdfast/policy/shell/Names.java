package dev.holdfast.policy.shell;

import java.util.Set;

/** Names that mean something to the shell. */
final class Names {
  /** Variables whose value makes the shell or common programs run something else. */
  static final Set<String> STEERING =
      Set.of(
          "PATH",
          "LD_PRELOAD",
          "LD_LIBRARY_PATH",
          "LD_AUDIT",
          "BASH_ENV",
          "ENV",
          "SHELLOPTS",
          "BASHOPTS",
          "PS4",
          "PROMPT_COMMAND",
          "BASH_ALIASES",
          "BASH_CMDS",
          "SHELL",
          "EXECIGNORE",
          "PAGER",
          "EDITOR",
          "VISUAL",
          "GIT_SSH",
          "GIT_SSH_COMMAND",
          "GIT_PAGER",
          "GIT_EDITOR",
          "GIT_SEQUENCE_EDITOR",
          "GIT_EXTERNAL_DIFF",
          "GIT_ASKPASS",
          "SSH_ASKPASS",
          "GIT_PROXY_COMMAND",
          "GIT_CONFIG_GLOBAL",
          "GIT_CONFIG_SYSTEM",
          "GIT_CONFIG_COUNT",
          "GIT_CONFIG_PARAMETERS",
          "GIT_EXEC_PATH",
          "GIT_TEMPLATE_DIR",
          "GIT_DIR",
          "LESSOPEN",
          "LESSCLOSE",
          "MANPAGER",
          "BROWSER",
          "PERL5OPT",
          "PERL5DB",
          "RUBYOPT",
          "NODE_OPTIONS",
          "PYTHONSTARTUP",
          "PYTHONHOME",
          "JAVA_TOOL_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "MAKEFLAGS",
          "TAR_OPTIONS",
          "RSYNC_RSH",
          "CVS_RSH");

  /** Words that end a list of commands when they stand where a command would. */
  static final Set<String> CLOSERS =
      Set.of("then", "do", "done", "fi", "esac", "}", "elif", "else");

  private Names() {}

  static boolean isName(String text) {
    if (text.isEmpty() || !isNameStart(text.charAt(0))) {
      return false;
    }
    return text.chars().allMatch(c -> isNamePart((char) c));
  }

  static boolean isNameStart(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static boolean isNamePart(char c) {
    return isNameStart(c) || (c >= '0' && c <= '9');
  }

  /** Whether the text is a whole number, which arithmetic can do nothing else with. */
  static boolean isNumber(String text) {
    return text.matches("[+-]?[0-9]{0,18}");
  }
}
