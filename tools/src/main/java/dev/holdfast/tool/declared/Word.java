package dev.holdfast.tool.declared;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * Arguments that stand or fall together: they drop out when a parameter in them is absent, and are
 * repeated for each value when one of them takes a list.
 *
 * @param condition a parameter without which they drop out, also when it is false
 */
record Word(Optional<String> condition, List<Argument> arguments) {
  Word {
    arguments = List.copyOf(arguments);
  }

  /** The parameters whose values go into the arguments. */
  SequencedSet<String> parameters() {
    var names = new LinkedHashSet<String>();
    arguments.forEach(argument -> names.addAll(argument.parameters()));
    return names;
  }
}
