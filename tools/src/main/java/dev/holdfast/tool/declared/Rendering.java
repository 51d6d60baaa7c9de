package dev.holdfast.tool.declared;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolFault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts values into a template. A value is part of one argument and can be nothing else: there is no
 * shell, and no value begins an argument with {@code -} unless its parameter allows it.
 */
record Rendering(Template template, Values values) {
  /**
   * The command.
   *
   * @throws ToolFault when a value would be taken as an option
   */
  List<String> command() {
    var argv = new ArrayList<String>();
    for (var word : template.words()) {
      if (word.condition().map(values::holds).orElse(true)) {
        add(word, argv);
      }
    }
    return argv;
  }

  /** The variables of the command's environment. */
  Map<String, String> env() {
    var env = new LinkedHashMap<String, String>();
    template.env().forEach((name, value) -> text(value).ifPresent(text -> env.put(name, text)));
    return env;
  }

  /** Where it runs, relative to the workspace. */
  Optional<String> directory() {
    return template.directory().flatMap(this::text);
  }

  Optional<String> timeout() {
    return template.timeout().flatMap(this::text);
  }

  private void add(Word word, List<String> argv) {
    if (word.parameters().stream().anyMatch(name -> values.texts(name).isEmpty())) {
      return;
    }
    var list = word.parameters().stream().filter(this::isList).findFirst();
    var rounds = list.map(name -> values.texts(name).size()).orElse(1);
    for (int round = 0; round < rounds; round++) {
      for (var argument : word.arguments()) {
        argv.add(safe(argument, filled(argument, round)));
      }
    }
  }

  private boolean isList(String name) {
    var parameter = values.parameters().get(name);
    return parameter != null && parameter.list();
  }

  private String filled(Argument argument, int round) {
    var text = new StringBuilder();
    for (var part : argument.parts()) {
      switch (part) {
        case Argument.Part.Literal(String literal) -> text.append(literal);
        case Argument.Part.Place(String name) -> {
          var all = values.texts(name);
          text.append(all.get(isList(name) ? round : 0));
        }
      }
    }
    return text.toString();
  }

  private String safe(Argument argument, String text) {
    var leading = argument.leading().map(values.parameters()::get);
    if (text.startsWith("-") && leading.filter(it -> !it.dash()).isPresent()) {
      throw new ToolFault(
          ErrorCode.INVALID_INPUT,
          "`%s` is `%s`: `%s` would take it for an option"
              .formatted(leading.get().name(), text, template.program()),
          "give a value that does not begin with `-`");
    }
    return text;
  }

  /** The text of a single argument; empty when a parameter in it is absent. */
  private Optional<String> text(Argument argument) {
    return argument.parameters().stream().anyMatch(name -> values.texts(name).isEmpty())
        ? Optional.empty()
        : Optional.of(filled(argument, 0));
  }
}
