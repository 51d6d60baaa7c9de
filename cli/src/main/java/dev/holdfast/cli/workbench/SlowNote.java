package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.Terminal;
import java.time.Duration;

/** Says what is waited for, when that takes long enough for somebody to wonder. */
final class SlowNote implements AutoCloseable {
  private static final Duration WONDER = Duration.ofSeconds(2);

  private final Thread waiting;

  private SlowNote(Thread waiting) {
    this.waiting = waiting;
  }

  static SlowNote of(String what, Context context) {
    var waiting =
        Thread.ofPlatform().daemon().name("slow-note").start(() -> say(what, context.terminal()));
    return new SlowNote(waiting);
  }

  private static void say(String what, Terminal terminal) {
    try {
      Thread.sleep(WONDER);
      terminal.note("holdfast: " + what);
    } catch (InterruptedException done) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    waiting.interrupt();
  }
}
