package dev.holdfast.cli.run;

import dev.holdfast.cli.command.Style;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.run.BlobStore;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunEvent.ChangeSubmitted;
import dev.holdfast.run.RunId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Shows a run while it goes on: its events, what the model says, and the change at the end. */
public final class RunScreen {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Terminal terminal;
  private final EventText text;
  private boolean midLine;

  public RunScreen(Terminal terminal) {
    this.terminal = terminal;
    this.text = new EventText(terminal);
  }

  /** Shows an event that has become durable. */
  public synchronized void event(RecordedEvent event) {
    if (terminal.json()) {
      terminal.json(event);
      return;
    }
    endLine();
    text.line(event).ifPresent(terminal::line);
  }

  /** Shows a piece of what the model says, as it comes. */
  public synchronized void says(String piece) {
    if (!terminal.json()) {
      terminal.out().print(terminal.paint(Style.CYAN, Terminal.safe(piece)));
      terminal.out().flush();
      midLine = !piece.endsWith("\n");
    }
  }

  /** Shows a submitted change: its description, its diff and what speaks for it. */
  public synchronized void change(ChangeSubmitted change, BlobStore blobs) {
    if (terminal.json()) {
      return; // the event named both
    }
    endLine();
    heading(Terminal.safe(change.title()));
    terminal.line(Terminal.safe(change.description().strip()));
    heading("Change");
    new String(blobs.get(change.diff()), StandardCharsets.UTF_8)
        .lines()
        .forEach(line -> terminal.line(DiffCommand.painted(line, terminal)));
    heading("Evidence");
    evidence(JSON.readTree(blobs.get(change.evidence())));
  }

  private void evidence(JsonNode evidence) {
    for (Map.Entry<String, JsonNode> check : evidence.properties()) {
      var detail = check.getValue().path("detail");
      terminal.line("%-13s %s".formatted(check.getKey(), summary(detail)));
    }
    terminal.line("");
  }

  /** The verdict and the numbers of a check; its whole output is in the log. */
  private static String summary(JsonNode detail) {
    var said =
        detail.properties().stream()
            .filter(entry -> entry.getValue().isNumber() || entry.getKey().equals("verdict"))
            .map(entry -> entry.getKey() + " " + entry.getValue().asString())
            .collect(Collectors.joining(", "));
    var text = said.isEmpty() ? detail.path("error").path("message").asString("") : said;
    return EventText.oneLine(text.isEmpty() ? detail.toString() : text);
  }

  /** Says what the person can do now. */
  synchronized void next(RunId run, String... commands) {
    terminal.note("next:");
    for (var command : commands) {
      terminal.note("  holdfast %s %s".formatted(command, run));
    }
  }

  private void heading(String title) {
    terminal.line("");
    terminal.line(terminal.paint(Style.BOLD, title));
  }

  private void endLine() {
    if (midLine) {
      terminal.line("");
      midLine = false;
    }
  }
}
