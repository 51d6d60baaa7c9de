package dev.holdfast.bench;

import dev.holdfast.actor.UserId;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import dev.holdfast.store.SqliteEventLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** A durable append of one event of about half a kilobyte, beside one fdatasync. */
final class AppendRow implements Row {
  private static final double MOST = 2;
  private static final String FLOOR = "fdatasync";
  private static final int THREADS = 256;
  private static final int EACH = 200;
  private static final int PAGE = 4096;
  private static final int PAGES = 4096;

  @Override
  public String name() {
    return "append";
  }

  @Override
  public String about() {
    return "one event made durable; peer: a page written and fdatasync";
  }

  @Override
  public Result measure(Setting setting) throws Exception {
    var directory = setting.temporary("append");
    var log = new SqliteEventLog(directory);
    setting.ends().add("event log", log::close);
    var run = RunId.random();
    var race =
        new Race(Contender.timing(() -> log.append(run, event())))
            .against(FLOOR, fdatasync(setting, directory))
            .run(500, setting.rounds(5_000), Duration.ofSeconds(60));
    double rate = crowd(log);
    return Result.of(
        this,
        Result.Unit.MICROS,
        race,
        Verdict.atMost(MOST, race.ratioTo(FLOOR), "p50 ≤ 2 × fdatasync"),
        "%s durable events/s from %d threads".formatted(Printer.number(rate), THREADS));
  }

  private static RunEvent event() {
    return new RunEvent.HandedBack(new UserId("ada"), "x".repeat(450));
  }

  /** A file that is laid out already, as SQLite's write-ahead log is once it has been round. */
  private static Contender fdatasync(Setting setting, Path directory) throws IOException {
    var file =
        FileChannel.open(
            directory.resolve("raw"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    setting.ends().add("raw file", file::close);
    var page = ByteBuffer.allocateDirect(PAGE);
    for (int i = 0; i < PAGES; i++) {
      file.write(page.clear(), (long) i * PAGE);
    }
    file.force(true);
    var next = new int[1];
    return Contender.timing(
        () -> {
          file.write(page.clear(), (long) (next[0]++ % PAGES) * PAGE);
          file.force(false);
        });
  }

  /** Events per second from many threads at once. */
  private static double crowd(EventLog log) throws Exception {
    var tasks = new ArrayList<Callable<RunId>>();
    for (int t = 0; t < THREADS; t++) {
      tasks.add(
          () -> {
            var run = RunId.random();
            for (int i = 0; i < EACH; i++) {
              log.append(run, event());
            }
            return run;
          });
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var warm = threads.invokeAll(tasks);
      long start = System.nanoTime();
      var timed = threads.invokeAll(tasks);
      double seconds = (System.nanoTime() - start) / 1e9;
      for (var task : warm) {
        var _ = task.get();
      }
      for (var task : timed) {
        var _ = task.get();
      }
      return THREADS * EACH / seconds;
    }
  }
}
