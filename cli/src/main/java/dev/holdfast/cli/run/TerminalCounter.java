package dev.holdfast.cli.run;

import dev.holdfast.actor.UserId;
import dev.holdfast.cli.command.Style;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.runs.Counter;
import dev.holdfast.tool.gate.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The person at the terminal; or, where there is none, a wait of {@code patience} for an answer
 * that another process records.
 */
final class TerminalCounter implements Counter {
  private static final Duration GLANCE = Duration.ofMillis(100);

  private final UserId person;
  private final Terminal terminal;
  private final InputStream in;
  private final Duration patience;

  TerminalCounter(UserId person, Terminal terminal, InputStream in, Duration patience) {
    this.person = person;
    this.terminal = terminal;
    this.in = in;
    this.patience = patience;
  }

  @Override
  public UserId person() {
    return person;
  }

  @Override
  public Answer approve(String subject, Supplier<Optional<Answer>> elsewhere) {
    if (!terminal.interactive()) {
      return waitFor(elsewhere)
          .orElse(new Answer.Nobody("no terminal, and no answer within " + seconds(patience)));
    }
    prompt("The agent asks to do this:", subject, "Allow it? [y/N, or a reason] ");
    return this.<Answer>lineOr(elsewhere, TerminalCounter::answer)
        .orElse(new Answer.Nobody("the terminal was closed"));
  }

  private static Answer answer(String line) {
    return switch (line.strip().toLowerCase(Locale.ROOT)) {
      case "y", "yes" -> new Answer.Approved("");
      case "", "n", "no" -> new Answer.Denied("");
      default -> new Answer.Denied(line.strip());
    };
  }

  @Override
  public Optional<String> ask(String question, Supplier<Optional<String>> elsewhere) {
    if (!terminal.interactive()) {
      return waitFor(elsewhere);
    }
    prompt("The agent asks:", question, "> ");
    return lineOr(elsewhere, String::strip).filter(answer -> !answer.isEmpty());
  }

  @Override
  public void progress(String text) {
    if (terminal.interactive()) {
      terminal.note(terminal.paint(Style.DIM, Terminal.safe(text)));
    }
  }

  /** The agent's words stand behind a bar, so that none of them can pass for Holdfast's own. */
  private void prompt(String head, String words, String question) {
    var quoted = Terminal.safe(words).replace("\n", "\n  │ ");
    terminal.err().print("\n%s\n\n  │ %s\n\n%s".formatted(head, quoted, question));
    terminal.err().flush();
  }

  private <T> Optional<T> waitFor(Supplier<Optional<T>> elsewhere) {
    long end = System.nanoTime() + patience.toNanos();
    var answer = elsewhere.get();
    while (answer.isEmpty() && System.nanoTime() < end && glance()) {
      answer = elsewhere.get();
    }
    return answer;
  }

  /** A line that the person types, or what comes from elsewhere first; empty at the input's end. */
  private <T> Optional<T> lineOr(
      Supplier<Optional<T>> elsewhere, java.util.function.Function<String, T> reader) {
    var line = new StringBuilder();
    try {
      while (true) {
        while (in.available() > 0) {
          int next = in.read();
          if (next < 0) {
            return Optional.empty();
          }
          if (next == '\n') {
            var bytes = line.toString().getBytes(StandardCharsets.ISO_8859_1);
            return Optional.of(reader.apply(new String(bytes, StandardCharsets.UTF_8)));
          }
          line.append((char) next);
        }
        var other = elsewhere.get();
        if (other.isPresent() || !glance()) {
          return other;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the terminal", e);
    }
  }

  private static boolean glance() {
    try {
      Thread.sleep(GLANCE);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  static String seconds(Duration time) {
    return time.toSeconds() + " s";
  }
}
