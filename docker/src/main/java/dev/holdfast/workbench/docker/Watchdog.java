package dev.holdfast.workbench.docker;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** Closes something when it is not stopped in time, so that whoever waits on it goes on. */
final class Watchdog {
  private final Thread thread;

  private Watchdog(Thread thread) {
    this.thread = thread;
  }

  static Watchdog closing(Closeable waitedFor, Duration limit) {
    return new Watchdog(
        Thread.startVirtualThread(
            () -> {
              try {
                Thread.sleep(limit);
                waitedFor.close();
              } catch (InterruptedException | IOException stopped) {
                // It was in time, or was closed already.
              }
            }));
  }

  void stop() {
    thread.interrupt();
  }
}
