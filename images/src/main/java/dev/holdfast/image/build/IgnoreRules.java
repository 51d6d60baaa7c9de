package dev.holdfast.image.build;

import dev.holdfast.image.unpack.FileTree;
import java.util.List;
import java.util.regex.Pattern;

/** What {@code .dockerignore} leaves out of a context: the last pattern that fits decides. */
record IgnoreRules(List<Rule> rules) {
  record Rule(Pattern pattern, boolean leavesOut) {}

  IgnoreRules {
    rules = List.copyOf(rules);
  }

  static IgnoreRules none() {
    return new IgnoreRules(List.of());
  }

  static IgnoreRules read(String text) {
    return new IgnoreRules(
        text.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .map(IgnoreRules::rule)
            .toList());
  }

  private static Rule rule(String line) {
    boolean back = line.startsWith("!");
    String glob = (back ? line.substring(1) : line).strip().replaceAll("^(\\./|/)+|/+$", "");
    return new Rule(Glob.of(FileTree.raw(glob)), !back);
  }

  /** Whether a path is left out, by its own name or by that of a directory above it. */
  boolean leavesOut(String path) {
    boolean out = false;
    for (Rule rule : rules) {
      if (fits(rule.pattern(), path)) {
        out = rule.leavesOut();
      }
    }
    return out;
  }

  /** Whether something in a directory that is left out may not be. */
  boolean takesBack() {
    return rules.stream().anyMatch(rule -> !rule.leavesOut());
  }

  private static boolean fits(Pattern pattern, String path) {
    for (String part = path; !part.isEmpty(); part = parent(part)) {
      if (pattern.matcher(part).matches()) {
        return true;
      }
    }
    return false;
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }
}
