package dev.holdfast.policy.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads redirections and collects the files they open. */
final class Redirections {
  private static final List<String> OPERATORS =
      List.of("&>>", "<<<", "<<-", "&>", ">>", ">&", ">|", "<<", "<&", "<>", ">", "<");

  private final Source source;
  private final int depth;
  private final HereDocuments hereDocuments;
  private HereDocuments.@Nullable Pending document;
  private @Nullable Word text;

  Redirections(Source source, int depth, HereDocuments hereDocuments) {
    this.source = source;
    this.depth = depth;
    this.hereDocuments = hereDocuments;
  }

  /** Reads one redirection, if there is one here. */
  boolean accept() {
    var start = source.position();
    while (source.peek() >= '0' && source.peek() <= '9') {
      source.next();
    }
    for (var operator : OPERATORS) {
      if (source.startsWith(operator) && !substitution(operator)) {
        source.accept(operator);
        target(operator);
        return true;
      }
    }
    source.back(start);
    return false;
  }

  private boolean substitution(String operator) {
    return operator.length() == 1 && source.peek(1) == '(';
  }

  private void target(String operator) {
    source.blanks();
    var start = source.position();
    var target = WordReader.read(source, depth);
    if (source.position() == start) {
      throw source.error("a redirection has no target");
    }
    switch (operator) {
      case "<<", "<<-" -> document = hereDocuments.announce(target, operator.equals("<<-"));
      case "<<<" -> text = target;
      case ">&", "<&" -> duplicate(target, operator.equals(">&"));
      case "<" -> source.collector.redirect(target, false);
      default -> {
        if (operator.startsWith("&")) {
          source.collector.bashOnly(source.dialect, "`&>`");
        }
        source.collector.redirect(target, true);
      }
    }
  }

  private void duplicate(Word target, boolean writes) {
    if (!target.literal() || !target.text().matches("[0-9]+-?|-")) {
      source.collector.redirect(target, writes);
    }
  }

  /** Whether the command's input is redirected from the text of the script. */
  boolean awaitsDocument() {
    return document != null;
  }

  /** The command's standard input, when it is text in the script and that text has been read. */
  @Nullable Word input() {
    return document != null ? document.text() : text;
  }
}
