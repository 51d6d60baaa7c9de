package dev.holdfast.image.build;

import dev.holdfast.image.ImageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a Dockerfile: lines to instructions, instructions to stages. */
final class DockerfileReader {
  private static final int LONGEST = 1 << 20;
  private static final int MOST = 1000;
  private static final Pattern DIRECTIVE = Pattern.compile("#\\s*([a-zA-Z]+)\\s*=\\s*(\\S+)\\s*");
  private static final Pattern FLAG = Pattern.compile("--([a-z-]+)(?:=(\\S*))?(?:\\s+|$)");
  private static final Pattern HERE =
      Pattern.compile("<<(-?)(['\"]?)([A-Za-z_][A-Za-z0-9_]*)\\2(?=\\s|$|[;|&>)])");
  private static final Pattern AS =
      Pattern.compile("(\\S+)(?:\\s+[aA][sS]\\s+([A-Za-z][A-Za-z0-9_.-]*))?");

  private final String file;
  private final List<String> lines;
  private char escape = '\\';
  private int at;

  DockerfileReader(String text, String file) {
    this.file = file;
    if (text.length() > LONGEST || text.indexOf(0) >= 0) {
      throw new ImageException(
          "`%s` is not allowed: at most %d characters, without NUL".formatted(file, LONGEST));
    }
    this.lines = text.lines().toList();
  }

  Dockerfile read() {
    directives();
    var before = new ArrayList<Instruction>();
    var stages = new ArrayList<Dockerfile.Section>();
    var steps = new ArrayList<Instruction>();
    Instruction from = null;
    for (Instruction next : instructions()) {
      if (next.keyword() == Keyword.FROM) {
        if (from != null) {
          stages.add(section(from, steps, stages));
        }
        from = next;
        steps.clear();
      } else if (from != null) {
        steps.add(next);
      } else if (next.keyword() == Keyword.ARG) {
        before.add(next);
      } else {
        throw next.wrong("before the first `FROM` only `ARG` is allowed");
      }
    }
    if (from == null) {
      throw new ImageException("%s: there is no `FROM`".formatted(file));
    }
    stages.add(section(from, steps, stages));
    return new Dockerfile(new Words(escape), before, stages);
  }

  private static Dockerfile.Section section(
      Instruction from, List<Instruction> steps, List<Dockerfile.Section> before) {
    Matcher matcher = AS.matcher(from.rest());
    if (!matcher.matches()) {
      throw from.wrong(
          "`%s` is not understood: `IMAGE` or `IMAGE AS NAME` is".formatted(from.rest()));
    }
    String given = matcher.group(2);
    String name = given == null ? Integer.toString(before.size()) : given.toLowerCase(Locale.ROOT);
    if (before.stream().anyMatch(stage -> stage.name().equals(name))) {
      throw from.wrong("stage `%s` is there already".formatted(name));
    }
    return new Dockerfile.Section(name, from, steps);
  }

  /** {@code # escape=} counts in the first lines only; {@code # syntax=} names another reader. */
  private void directives() {
    for (String line : lines) {
      Matcher matcher = DIRECTIVE.matcher(line.strip());
      if (!matcher.matches()) {
        return;
      }
      if (matcher.group(1).equalsIgnoreCase("escape")) {
        String value = matcher.group(2);
        if (!value.equals("\\") && !value.equals("`")) {
          throw new ImageException(
              "%s: escape `%s` is not allowed: a backslash or a backtick is"
                  .formatted(file, value));
        }
        escape = value.charAt(0);
      }
    }
  }

  private List<Instruction> instructions() {
    var instructions = new ArrayList<Instruction>();
    while (at < lines.size()) {
      String line = lines.get(at).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        at++;
      } else {
        instructions.add(instruction());
      }
      if (instructions.size() > MOST) {
        throw new ImageException("%s has more than %d instructions".formatted(file, MOST));
      }
    }
    return instructions;
  }

  private Instruction instruction() {
    int first = at + 1;
    String text = joined();
    String[] parts = text.split("\\s+", 2);
    Keyword keyword =
        Keyword.of(parts[0])
            .orElseThrow(
                () ->
                    new ImageException(
                        "%s:%d: instruction `%s` is not understood: %s are"
                            .formatted(file, first, parts[0], Keyword.all())));
    String rest = parts.length > 1 ? parts[1] : "";
    var flags = new HashMap<String, String>();
    for (Matcher flag = FLAG.matcher(rest); flag.lookingAt(); flag.reset(rest)) {
      flags.put(flag.group(1), flag.group(2) == null ? "" : flag.group(2));
      rest = rest.substring(flag.end());
    }
    String script = keyword == Keyword.RUN ? script(rest) : "";
    var instruction = new Instruction(file, first, keyword, flags, rest.strip(), script);
    check(instruction);
    return instruction;
  }

  /**
   * Joins what the escape character continues; comments and empty lines between count for nothing.
   */
  private String joined() {
    var text = new StringBuilder();
    boolean more = true;
    while (more && at < lines.size()) {
      String line = lines.get(at++).stripTrailing();
      String bare = line.strip();
      if (!text.isEmpty() && (bare.isEmpty() || bare.startsWith("#"))) {
        continue;
      }
      more = line.endsWith(String.valueOf(escape));
      text.append(more ? line.substring(0, line.length() - 1) : line);
    }
    return text.toString().strip();
  }

  /** The here-documents of a {@code RUN}, as a shell reads them. */
  private String script(String rest) {
    var script = new StringBuilder();
    for (Matcher here = HERE.matcher(rest); here.find(); ) {
      int from = at;
      boolean ended = false;
      while (!ended) {
        if (at >= lines.size()) {
          throw new ImageException(
              "%s:%d: the here-document `%s` has no end".formatted(file, from, here.group(3)));
        }
        String line = lines.get(at++);
        String bare = here.group(1).isEmpty() ? line : line.replaceFirst("^\t+", "");
        ended = bare.equals(here.group(3));
        script.append(bare).append('\n');
      }
    }
    return script.toString();
  }

  private static void check(Instruction instruction) {
    Keyword keyword = instruction.keyword();
    for (Map.Entry<String, String> flag : instruction.flags().entrySet()) {
      if (!keyword.takes(flag.getKey())) {
        throw instruction.wrong(
            "`--%s` is not allowed: %s".formatted(flag.getKey(), keyword.flags()));
      }
    }
    if (instruction.rest().isEmpty()) {
      throw instruction.wrong("it says nothing");
    }
    switch (keyword) {
      case SHELL -> {
        if (instruction.array().filter(words -> !words.isEmpty()).isEmpty()) {
          throw instruction.wrong("a JSON array is needed, such as `[\"/bin/sh\", \"-c\"]`");
        }
      }
      case COPY, ADD -> copy(instruction);
      case RUN -> {
        String network = instruction.flags().getOrDefault("network", "none");
        if (!network.equals("none")) {
          throw instruction.wrong(
              "network `%s` is not allowed: steps have none".formatted(network));
        }
      }
      case FROM, ARG, ENV, WORKDIR, USER, CMD, ENTRYPOINT -> {}
      case LABEL, EXPOSE, VOLUME, STOPSIGNAL, HEALTHCHECK, MAINTAINER -> {}
    }
  }

  private static void copy(Instruction instruction) {
    if (HERE.matcher(instruction.rest()).find()) {
      throw instruction.wrong("here-documents are not allowed: put a file into the context");
    }
    if (instruction.keyword() == Keyword.ADD) {
      if (instruction.rest().matches("(?s).*(https?|ftp|git|ssh)(://|@).*")) {
        throw instruction.wrong(
            "addresses are not allowed: fetch it into the context first, then use `COPY`");
      }
      if (instruction.rest().matches("(?s).*\\.(tar|tgz|tbz2?|txz|tar\\.[a-z0-9]+)[\"' ,].*")) {
        throw instruction.wrong(
            "archives are not allowed: use `COPY` and `RUN tar`, or unpack it in the context");
      }
    }
  }
}
