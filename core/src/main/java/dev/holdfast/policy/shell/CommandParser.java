package dev.holdfast.policy.shell;

import java.util.List;

/** Parses lists, pipelines and compound commands. */
final class CommandParser {
  private final Source source;
  private final int depth;
  private final HereDocuments hereDocuments;

  CommandParser(Source source, int depth) {
    Collector.checkDepth(depth);
    this.source = source;
    this.depth = depth;
    this.hereDocuments = new HereDocuments(source, depth);
  }

  /** Parses to the end of the text. */
  void whole() {
    list();
    if (!source.atEnd()) {
      throw source.error("unexpected `%s`".formatted(source.peek()));
    }
    hereDocuments.read();
  }

  /** Parses up to a closing parenthesis, and past it. */
  void until(char end) {
    list();
    hereDocuments.requireNone();
    source.expect(String.valueOf(end));
  }

  /** Parses commands up to where the list ends; whether there were any. */
  private boolean list() {
    newlines();
    var any = false;
    while (!closes()) {
      any = true;
      pipeline();
      source.blanks();
      if (!separator()) {
        break;
      }
      newlines();
    }
    return any;
  }

  /** Whether a separator followed, so that another command may. */
  private boolean separator() {
    if (source.startsWith(";;") || source.startsWith(";&")) {
      return false;
    }
    return source.accept("&&")
        || source.accept("||")
        || source.accept("|&")
        || source.accept("|")
        || source.accept("&")
        || source.accept(";")
        || source.peek() == '\n';
  }

  private void newlines() {
    source.blanks();
    while (source.accept("\n")) {
      hereDocuments.read();
      source.blanks();
    }
  }

  /** Whether the list ends here. */
  private boolean closes() {
    return source.atEnd()
        || source.peek() == ')'
        || source.startsWith(";;")
        || source.startsWith(";&")
        || Names.CLOSERS.contains(keyword());
  }

  private void pipeline() {
    while (true) {
      source.blanks();
      if (keyword().equals("!") || keyword().equals("time")) {
        source.accept(keyword());
        source.blanks();
        if (source.startsWith("-p ")) {
          source.accept("-p ");
        }
      } else {
        break;
      }
    }
    command();
  }

  private void command() {
    Collector.checkDepth(depth);
    if (source.startsWith("((")) {
      source.collector.bashOnly(source.dialect, "`((…))`");
      source.accept("((");
      new Arithmetic(source, depth + 1).until("))");
      redirections();
    } else if (source.accept("(")) {
      subshell();
      redirections();
    } else {
      keywordCommand(keyword());
    }
  }

  private void keywordCommand(String keyword) {
    switch (keyword) {
      case "{" -> block("{", "}");
      case "if" -> conditional();
      case "while", "until" -> loop(keyword);
      case "for", "select" -> forLoop(keyword);
      case "case" -> cases();
      case "[[" -> new Condition(source, depth).read();
      case "function" -> function();
      case "coproc" -> throw source.error("`coproc` is not supported");
      default -> {
        new SimpleCommand(source, depth, hereDocuments).read(this::functionBody);
        return;
      }
    }
    redirections();
  }

  private void subshell() {
    body();
    source.expect(")");
  }

  private void block(String open, String close) {
    source.expect(open);
    body();
    keywordExpected(close);
  }

  /** A list inside a compound command, with the here-documents of the lines it spans. */
  private void body() {
    Collector.checkDepth(depth + 1);
    if (!new CommandParser(source, depth + 1, hereDocuments).list()) {
      throw source.error("a compound command is empty");
    }
  }

  private CommandParser(Source source, int depth, HereDocuments shared) {
    Collector.checkDepth(depth);
    this.source = source;
    this.depth = depth;
    this.hereDocuments = shared;
  }

  private void conditional() {
    source.expect("if");
    body();
    keywordExpected("then");
    body();
    while (acceptKeyword("elif")) {
      body();
      keywordExpected("then");
      body();
    }
    if (acceptKeyword("else")) {
      body();
    }
    keywordExpected("fi");
  }

  private void loop(String keyword) {
    source.expect(keyword);
    body();
    keywordExpected("do");
    body();
    keywordExpected("done");
  }

  private void forLoop(String keyword) {
    source.expect(keyword);
    source.blanks();
    if (source.accept("((")) {
      source.collector.bashOnly(source.dialect, "`for ((…))`");
      new Arithmetic(source, depth + 1).until("))");
    } else {
      forWords();
    }
    source.blanks();
    source.accept(";");
    newlines();
    if (keyword().equals("{")) {
      block("{", "}");
    } else {
      keywordExpected("do");
      body();
      keywordExpected("done");
    }
  }

  private void forWords() {
    var name = WordReader.read(source, depth);
    if (!name.literal() || !Names.isName(name.text())) {
      throw source.error("`for` needs the name of a variable");
    }
    newlines();
    var numbers = false;
    if (acceptKeyword("in")) {
      numbers = true;
      source.blanks();
      while (source.peek() != ';' && source.peek() != '\n') {
        var word = word();
        numbers &= word.literal() && Names.isNumber(word.text());
        source.blanks();
      }
    }
    source.collector.assigned(name.text(), numbers);
  }

  private Word word() {
    var start = source.position();
    var word = WordReader.read(source, depth);
    if (source.position() == start) {
      throw source.error("unexpected `%s`".formatted(source.peek()));
    }
    return word;
  }

  private void cases() {
    source.expect("case");
    source.blanks();
    word();
    newlines();
    keywordExpected("in");
    newlines();
    while (!acceptKeyword("esac")) {
      pattern();
      new CommandParser(source, depth + 1, hereDocuments).list();
      if (!source.accept(";;&") && !source.accept(";;") && !source.accept(";&")) {
        newlines();
        keywordExpected("esac");
        return;
      }
      newlines();
    }
  }

  private void pattern() {
    source.accept("(");
    do {
      source.blanks();
      word();
      source.blanks();
    } while (source.accept("|"));
    source.expect(")");
  }

  private void function() {
    source.collector.bashOnly(source.dialect, "`function`");
    source.expect("function");
    source.blanks();
    word();
    source.blanks();
    if (source.accept("(")) {
      source.blanks();
      source.expect(")");
    }
    functionBody();
  }

  private void functionBody() {
    newlines();
    var keyword = keyword();
    var compound =
        source.peek() == '('
            || List.of("{", "if", "for", "while", "until", "case", "[[").contains(keyword);
    if (!compound) {
      throw source.error("a function needs a body");
    }
    new CommandParser(source, depth + 1, hereDocuments).command();
  }

  private void redirections() {
    source.blanks();
    var redirections = new Redirections(source, depth, hereDocuments);
    while (redirections.accept()) {
      source.blanks();
    }
  }

  /** The unquoted text that starts here, when it could be a reserved word. */
  private String keyword() {
    var length = 0;
    while (" \t\n;&|<>()".indexOf(source.peek(length)) < 0
        && source.peek(length) != Source.END
        && length < 10) {
      length++;
    }
    var start = source.position();
    for (var i = 0; i < length; i++) {
      source.next();
    }
    var text = source.since(start);
    source.back(start);
    return text;
  }

  private boolean acceptKeyword(String keyword) {
    newlines();
    return keyword().equals(keyword) && source.accept(keyword);
  }

  private void keywordExpected(String keyword) {
    if (!acceptKeyword(keyword)) {
      throw source.error("expected `%s`".formatted(keyword));
    }
  }
}
