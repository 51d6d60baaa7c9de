package dev.holdfast.tool.declared;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a tool runs.
 *
 * @param words the command, program first; its first argument is literal
 * @param env added to the workbench's environment; one whose parameter is absent is left out
 * @param directory relative to the workspace
 * @param timeout how many seconds it may take; the tool's limit when left out or absent
 */
record Template(
    List<Word> words,
    Map<String, Argument> env,
    Optional<Argument> directory,
    Optional<Argument> timeout) {
  Template {
    words = List.copyOf(words);
    env = Map.copyOf(env);
  }

  /** The program, which no value can change. */
  String program() {
    return words.getFirst().arguments().getFirst().literal().orElseThrow();
  }

  /** The parameters that it uses. */
  Set<String> parameters() {
    var names = new LinkedHashSet<String>();
    for (var word : words) {
      word.condition().ifPresent(names::add);
      names.addAll(word.parameters());
    }
    env.values().forEach(value -> names.addAll(value.parameters()));
    directory.ifPresent(value -> names.addAll(value.parameters()));
    timeout.ifPresent(value -> names.addAll(value.parameters()));
    return names;
  }
}
