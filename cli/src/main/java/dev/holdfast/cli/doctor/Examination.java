package dev.holdfast.cli.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A check and what it saw.
 *
 * @param check what was looked at
 */
record Examination(Check check, Finding finding) {
  /** For all checks together; each program that they start has a shorter limit. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Makes every check, at once, and keeps their order. */
  static List<Examination> of(List<Check> checks, Host host) throws InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks =
          checks.stream().map(check -> (Callable<Finding>) () -> check.inspect(host)).toList();
      var findings = threads.invokeAll(tasks, LIMIT.toSeconds(), TimeUnit.SECONDS);
      var all = new ArrayList<Examination>();
      for (var i = 0; i < checks.size(); i++) {
        all.add(new Examination(checks.get(i), result(findings.get(i))));
      }
      return all;
    }
  }

  private static Finding result(Future<Finding> future) throws InterruptedException {
    try {
      return future.get();
    } catch (CancellationException e) {
      return Finding.broken("no answer within %d s".formatted(LIMIT.toSeconds()), Remedy.NONE);
    } catch (ExecutionException e) {
      return Finding.broken(String.valueOf(e.getCause()), Remedy.NONE);
    }
  }

  boolean works() {
    return finding instanceof Finding.Works;
  }

  /** Whether Holdfast cannot do its work because of this. */
  boolean blocks() {
    return !works() && check.need() == Check.Need.REQUIRED;
  }
}
