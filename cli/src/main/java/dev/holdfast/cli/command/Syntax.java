package dev.holdfast.cli.command;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Short words for describing a command's syntax without annotations, which cost start-up time. */
public final class Syntax {
  private Syntax() {}

  /** A command or sub-command; the lines are what {@code --help} says of it. */
  public static CommandSpec command(String... description) {
    var spec = CommandSpec.create();
    spec.usageMessage().description(description).sortOptions(false).width(100);
    return spec;
  }

  /** A sub-command, added to its parent. */
  public static CommandSpec subcommand(CommandSpec parent, String name, String... description) {
    var spec = command(description);
    parent.addSubcommand(name, spec);
    return spec;
  }

  /** An option without a value; read with {@code arguments.hasMatchedOption(name)}. */
  public static OptionSpec flag(String name, String description) {
    return OptionSpec.builder(name).type(boolean.class).description(description).build();
  }

  /**
   * An option with a value; read with {@code arguments.matchedOptionValue(name, orElse)}.
   *
   * @param label what its value is called in the help, for example {@code DIR}
   */
  public static <T> OptionSpec option(
      String name, String label, Class<T> type, String description) {
    var option =
        OptionSpec.builder(name).type(type).arity("1").paramLabel(label).description(description);
    return type.isEnum() ? option.completionCandidates(words(type)).build() : option.build();
  }

  /** The values of an enum as people type them, for shells to complete. */
  public static List<String> words(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(value -> value.toString().toLowerCase(Locale.ROOT))
        .toList();
  }

  /** An option that may be given often; its value is a {@code List<String>}. */
  public static OptionSpec options(String name, String label, String description) {
    return OptionSpec.builder(name)
        .type(List.class)
        .auxiliaryTypes(String.class)
        .arity("1")
        .paramLabel(label)
        .description(description)
        .build();
  }

  /** A required argument at a place; read with {@code matchedPositionalValue(index, orElse)}. */
  public static PositionalParamSpec argument(int index, String label, String description) {
    return positional(index, label, description, "1");
  }

  /** An argument that may be left out. */
  public static PositionalParamSpec optional(int index, String label, String description) {
    return positional(index, label, description, "0..1");
  }

  /**
   * Every argument from a place on, a {@code List<String>}.
   *
   * @param arity how many, for example {@code 1..*}
   */
  public static PositionalParamSpec rest(
      int index, String arity, String label, String description) {
    return PositionalParamSpec.builder()
        .index(index + "..*")
        .type(List.class)
        .auxiliaryTypes(String.class)
        .arity(arity)
        .required(!arity.startsWith("0"))
        .paramLabel(label)
        .description(description)
        .build();
  }

  private static PositionalParamSpec positional(
      int index, String label, String description, String arity) {
    return PositionalParamSpec.builder()
        .index(Integer.toString(index))
        .type(String.class)
        .arity(arity)
        .required(!arity.startsWith("0"))
        .paramLabel(label)
        .description(description)
        .build();
  }
}
