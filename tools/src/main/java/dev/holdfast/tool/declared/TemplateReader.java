package dev.holdfast.tool.declared;

import dev.holdfast.tool.declared.Argument.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads what a tool runs, and refuses templates in which a value could become code or an option.
 */
final class TemplateReader {
  private static final Pattern SHELL = Pattern.compile("(.*/)?(sh|bash|dash|zsh|ksh|ash|busybox)");
  private static final Pattern SCRIPT_OPTION = Pattern.compile("-[A-Za-z]*c[A-Za-z]*");
  private static final Pattern BARE_DASHES = Pattern.compile("-+");
  static final int MOST_SECONDS = 3_600;

  private final Section tool;
  private final Map<String, Parameter> parameters;

  TemplateReader(Section tool, Map<String, Parameter> parameters) {
    this.tool = tool;
    this.parameters = parameters;
  }

  Template read() {
    var items = tool.items("command");
    if (items.isEmpty()) {
      throw tool.wrong(
          "`command` is missing: a list, program first, one item for each argument; or `wasm`");
    }
    var words = items.stream().map(this::word).toList();
    requireProgram(words.getFirst(), items.getFirst());
    refuseScripts(words, tool.required("command"));
    var template = new Template(words, env(), directory(), timeout());
    var used = template.parameters();
    parameters
        .keySet()
        .forEach(
            name -> {
              if (!used.contains(name)) {
                throw tool.wrong(
                    tool.required("command"),
                    "parameter `%s` is used nowhere: put it in as `{%s}`".formatted(name, name));
              }
            });
    return template;
  }

  /** Reads what a function is given, its name first; parameters that it does not use are fine. */
  Template readFunction(String name, List<Yaml> arguments) {
    for (var other : List.of("command", "directory", "timeout")) {
      tool.optional(other)
          .ifPresent(
              at -> {
                throw tool.wrong(at, "`%s` does not go with `wasm`".formatted(other));
              });
    }
    var words = new ArrayList<Word>();
    words.add(word(Optional.empty(), List.of(Argument.parse(name)), tool.required("wasm")));
    arguments.forEach(item -> words.add(word(item)));
    return new Template(words, env(), Optional.empty(), Optional.empty());
  }

  private Word word(Yaml item) {
    return switch (item) {
      case Yaml.Scalar scalar -> word(Optional.empty(), List.of(argument(scalar)), item);
      case Yaml.Sequence(List<Yaml> items, _) -> word(Optional.empty(), arguments(items), item);
      case Yaml.Mapping _ -> {
        var section = Section.of(tool.file(), item, List.of("when", "then"));
        var condition = section.text("when");
        known(condition, item);
        yield word(Optional.of(condition), arguments(section.items("then")), item);
      }
    };
  }

  private List<Argument> arguments(List<Yaml> items) {
    return items.stream().map(this::argument).toList();
  }

  private Word word(Optional<String> condition, List<Argument> arguments, Yaml at) {
    if (arguments.isEmpty()) {
      throw tool.wrong(at, "there is no argument here: at least one is needed");
    }
    var word = new Word(condition, arguments);
    if (word.parameters().stream().filter(this::isList).count() > 1) {
      throw tool.wrong(
          at, "arguments that stand together take one list at the most: write them apart");
    }
    return word;
  }

  private Argument argument(Yaml item) {
    if (!(item instanceof Yaml.Scalar(String text, _, _))) {
      throw tool.wrong(item, "an argument must be text");
    }
    var argument = tool.read(item, _ -> Argument.parse(text));
    argument.parameters().forEach(name -> known(name, item));
    argument.parameters().stream()
        .findFirst()
        .ifPresent(name -> refuseOption(argument, known(name, item), item));
    return argument;
  }

  private Parameter known(String name, Yaml at) {
    var parameter = parameters.get(name);
    if (parameter == null) {
      throw tool.wrong(
          at,
          "`{%s}` is no parameter: there are %s"
              .formatted(name, parameters.isEmpty() ? "none" : parameters.keySet()));
    }
    if (!parameter.fitsACommand()) {
      throw tool.wrong(
          at,
          "parameter `%s` cannot stand in a command: its type must be string, integer, number, boolean, or an array of one of these"
              .formatted(name));
    }
    return parameter;
  }

  private boolean isList(String name) {
    var parameter = parameters.get(name);
    return parameter != null && parameter.list();
  }

  /** {@code -{x}} would let the value choose the option. */
  private void refuseOption(Argument argument, Parameter first, Yaml at) {
    if (BARE_DASHES.matcher(argument.opening()).matches() && !first.dash()) {
      throw tool.wrong(
          at,
          "the value of `%s` would choose the option: write the option out, or let the parameter have `dash: true`"
              .formatted(first.name()));
    }
  }

  private void requireProgram(Word first, Yaml at) {
    var program = first.arguments().getFirst().literal().filter(it -> first.condition().isEmpty());
    if (program.filter(it -> !it.startsWith("-")).isEmpty()) {
      throw tool.wrong(
          at, "the command must begin with its program, by name and without a parameter");
    }
  }

  /** A value inside a shell's script would be code. */
  private void refuseScripts(List<Word> words, Yaml at) {
    var all = words.stream().flatMap(word -> word.arguments().stream()).toList();
    var shell = false;
    for (int i = 1; i < all.size(); i++) {
      shell |= all.get(i - 1).literal().filter(it -> SHELL.matcher(it).matches()).isPresent();
      var option = all.get(i - 1).literal().filter(it -> SCRIPT_OPTION.matcher(it).matches());
      if (shell && option.isPresent() && !all.get(i).parameters().isEmpty()) {
        throw tool.wrong(
            at,
            "a value would be code in the script of a shell: hand it over as an argument, `sh -c '… \"$1\"' sh {%s}`"
                .formatted(all.get(i).parameters().getFirst()));
      }
    }
  }

  private Map<String, Argument> env() {
    var env = new LinkedHashMap<String, Argument>();
    tool.named("env")
        .forEach(
            (name, value) -> {
              if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,127}")) {
                throw tool.wrong(value, "`%s` is no name of a variable".formatted(name));
              }
              env.put(name, single("env", value));
            });
    return env;
  }

  /** A value that is one argument and takes no list. */
  private Argument single(String what, Yaml value) {
    var argument = argument(value);
    if (argument.parameters().stream().anyMatch(this::isList)) {
      throw tool.wrong(value, "`%s` cannot take a list".formatted(what));
    }
    return argument;
  }

  private Optional<Argument> directory() {
    return tool.optional("directory").map(this::directory);
  }

  private Argument directory(Yaml value) {
    var argument = single("directory", value);
    boolean relative =
        argument
            .literal()
            .map(text -> !text.startsWith("/") && !List.of(text.split("/", -1)).contains(".."))
            .orElse(false);
    boolean path =
        argument.parts().size() == 1 && argument.leading().filter(this::isPath).isPresent();
    if (!relative && !path) {
      throw tool.wrong(
          value,
          "`directory` must be relative to the workspace, without `..`, or a single parameter that is a path");
    }
    return argument;
  }

  private boolean isPath(String name) {
    var parameter = parameters.get(name);
    return parameter != null && parameter.path();
  }

  private Optional<Argument> timeout() {
    return tool.optional("timeout").map(this::timeout);
  }

  private Argument timeout(Yaml value) {
    if (value.json().isNumber()) {
      var seconds = tool.number("timeout", value, 1, MOST_SECONDS);
      return new Argument(List.of(new Part.Literal(Integer.toString(seconds))));
    }
    var argument = single("timeout", value);
    var types =
        argument.parameters().stream()
            .map(name -> known(name, value).schema().path("type").asString(""))
            .toList();
    if (argument.parts().size() != 1 || !types.equals(List.of("integer"))) {
      throw tool.wrong(
          value, "`timeout` must be a number of seconds or a single parameter of type integer");
    }
    return argument;
  }
}
