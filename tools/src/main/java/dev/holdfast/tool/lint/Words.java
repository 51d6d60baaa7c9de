package dev.holdfast.tool.lint;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The words in a name. */
final class Words {
  /** Words that agents do not tell apart. */
  private static final Map<String, String> SAME =
      Map.ofEntries(
          Map.entry("fetch", "get"),
          Map.entry("retrieve", "get"),
          Map.entry("load", "get"),
          Map.entry("show", "get"),
          Map.entry("view", "get"),
          Map.entry("display", "get"),
          Map.entry("remove", "delete"),
          Map.entry("destroy", "delete"),
          Map.entry("erase", "delete"),
          Map.entry("find", "search"),
          Map.entry("lookup", "search"),
          Map.entry("query", "search"),
          Map.entry("execute", "run"),
          Map.entry("exec", "run"),
          Map.entry("invoke", "run"),
          Map.entry("make", "create"),
          Map.entry("new", "create"),
          Map.entry("add", "create"),
          Map.entry("modify", "update"),
          Map.entry("change", "update"),
          Map.entry("dir", "directory"),
          Map.entry("folder", "directory"),
          Map.entry("doc", "document"),
          Map.entry("repo", "repository"));

  private Words() {}

  /** {@code readFile}, {@code read-file} and {@code read_file} are {@code [read, file]}. */
  static List<String> of(String name) {
    var spaced = name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    return Arrays.stream(spaced.split("[^a-z0-9]+")).filter(word -> !word.isEmpty()).toList();
  }

  /** The words in one order, plurals and words of the same meaning made equal. */
  static String meaning(String name) {
    return String.join(
        " ",
        of(name).stream()
            .map(
                word ->
                    word.length() > 3 && word.endsWith("s")
                        ? word.substring(0, word.length() - 1)
                        : word)
            .map(word -> SAME.getOrDefault(word, word))
            .sorted()
            .toList());
  }
}
