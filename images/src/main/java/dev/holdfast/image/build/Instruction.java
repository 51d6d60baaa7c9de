package dev.holdfast.image.build;

import dev.holdfast.image.ImageException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One instruction of a Dockerfile.
 *
 * @param file and {@code line}: where it begins, counted from 1
 * @param flags without their dashes
 * @param rest everything after keyword and flags, lines joined, nothing expanded
 * @param script what follows it as a here-document, with its end; empty when nothing does
 */
record Instruction(
    String file, int line, Keyword keyword, Map<String, String> flags, String rest, String script) {
  Instruction {
    flags = Map.copyOf(flags);
  }

  /** Its words, quotes taken away and variables put in. */
  List<String> words(Words words, UnaryOperator<String> variables) {
    try {
      return words.split(rest, variables);
    } catch (ImageException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  /** The whole of it as one word. */
  String word(Words words, UnaryOperator<String> variables) {
    try {
      return words.expand(rest, variables);
    } catch (ImageException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  /** Its arguments, where they are written as a JSON array of strings. */
  Optional<List<String>> array() {
    return Words.array(rest);
  }

  ImageException wrong(String why) {
    return new ImageException("%s:%d: %s: %s".formatted(file, line, keyword, why));
  }

  /** As people wrote it, for progress and history. */
  String text() {
    var text = new StringBuilder(keyword.name());
    flags.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(flag -> text.append(" --%s=%s".formatted(flag.getKey(), flag.getValue())));
    return text.append(' ').append(rest).toString();
  }
}
