package dev.holdfast.store;

import dev.holdfast.budget.Amounts;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that appends to runs, one a thread, and prints what is acknowledged. */
final class AppendingChild {
  private AppendingChild() {}

  /** Arguments: state directory, most events a run, run ids. */
  public static void main(String[] args) throws Exception {
    var log = new SqliteEventLog(Path.of(args[0]));
    int most = Integer.parseInt(args[1]);
    var threads = new Thread[args.length - 2];
    for (int i = 0; i < threads.length; i++) {
      var run = new RunId(args[i + 2]);
      threads[i] = Thread.ofVirtual().start(() -> append(log, run, most));
    }
    for (var thread : threads) {
      thread.join();
    }
    log.close();
  }

  private static void append(SqliteEventLog log, RunId run, int most) {
    for (int i = 0; i < most; i++) {
      var text = run + " " + i + " " + ProcessHandle.current().pid() + "x".repeat(i % 300);
      var payload = log.blobs().put(text.getBytes(StandardCharsets.UTF_8));
      var event = log.append(run, new RunEvent.Answered(i, "m", payload, Amounts.NONE));
      synchronized (AppendingChild.class) {
        System.out.println(run + " " + event.seq() + " " + event.hash());
        System.out.flush();
      }
    }
  }
}
