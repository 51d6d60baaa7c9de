package dev.holdfast.cli.command;

/** How text looks on a terminal. */
public enum Style {
  BOLD("1"),
  DIM("2"),
  RED("31"),
  GREEN("32"),
  YELLOW("33"),
  BLUE("34"),
  MAGENTA("35"),
  CYAN("36");

  private final String code;

  Style(String code) {
    this.code = code;
  }

  String paint(String text) {
    return "\033[" + code + "m" + text + "\033[0m";
  }
}
