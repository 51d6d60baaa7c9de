package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.actor.UserId;
import dev.holdfast.budget.Amounts;
import dev.holdfast.run.BlobId;
import dev.holdfast.run.EventLog;
import dev.holdfast.run.EventLog.Verification;
import dev.holdfast.run.EventLogException;
import dev.holdfast.run.RecordedEvent;
import dev.holdfast.run.RunEvent;
import dev.holdfast.run.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every {@link EventLog} does. */
public abstract class EventLogContract {
  private final RunId run = RunId.random();

  /** A log over the test's data; a second call gives another one over the same data. */
  protected abstract EventLog open();

  @Test
  void numbersTheEventsOfARunFromOneAndChainsThem() {
    try (var log = open()) {
      var first = log.append(run, SampleEvents.opened("fix it"));
      var second = log.append(run, SampleEvents.note("two"));
      assertThat(first.seq()).isEqualTo(1);
      assertThat(first.previousHash()).isEqualTo("0".repeat(64));
      assertThat(second.seq()).isEqualTo(2);
      assertThat(second.previousHash()).isEqualTo(first.hash());
      assertThat(log.verify(run)).isEqualTo(new Verification.Intact(2, second.hash()));
    }
  }

  @Test
  void readsBackExactlyWhatWasRecorded() {
    var recorded = new ArrayList<RecordedEvent>();
    try (var log = open()) {
      recorded.add(log.append(run, SampleEvents.opened("grüße \u0000 \uD83D\uDE00 \"\\\n")));
      recorded.addAll(log.append(run, List.of(SampleEvents.note("a"), SampleEvents.note("b"))));
    }
    try (var log = open()) {
      assertThat(log.read(run, 0)).isEqualTo(recorded);
      assertThat(log.read(run, 2)).isEqualTo(recorded.subList(2, 3));
      assertThat(log.read(run, 3)).isEmpty();
    }
  }

  @Test
  void knowsNothingOfAnUnknownRun() {
    try (var log = open()) {
      assertThat(log.read(run, 0)).isEmpty();
      assertThat(log.find(run.value())).isEmpty();
      assertThat(log.verify(run)).isInstanceOf(Verification.Broken.class);
    }
  }

  @Test
  void showsAnAppendAtOnceToWhoeverReads() {
    try (var writing = open();
        var reading = open()) {
      for (int i = 1; i <= 20; i++) {
        var recorded = writing.append(run, SampleEvents.note("event " + i));
        assertThat(reading.read(run, i - 1)).containsExactly(recorded);
      }
    }
  }

  @Test
  void continuesAChainThatAnotherOpenLogWrites() {
    try (var one = open();
        var other = open()) {
      for (int i = 0; i < 10; i++) {
        one.append(run, SampleEvents.note("one " + i));
        other.append(run, SampleEvents.note("other " + i));
      }
      assertThat(one.verify(run))
          .isInstanceOfSatisfying(
              Verification.Intact.class, intact -> assertThat(intact.events()).isEqualTo(20));
    }
  }

  @Test
  void appendsSeveralEventsTogetherAndNothingOfNone() {
    try (var log = open()) {
      assertThat(log.append(run, List.<RunEvent>of())).isEmpty();
      assertThat(log.find(run.value())).isEmpty();
      var both = log.append(run, List.of(SampleEvents.note("a"), SampleEvents.note("b")));
      assertThat(both).extracting(RecordedEvent::seq).containsExactly(1L, 2L);
    }
  }

  @Test
  void takesAppendsOfManyThreadsWithoutGapsOrMixing() throws Exception {
    int threads = 32;
    int each = 25;
    try (var log = open()) {
      var other = RunId.random();
      var seqs = inParallel(threads, each, i -> log.append(i % 2 == 0 ? run : other, event(i)));
      assertThat(seqs).hasSize(threads * each);
      for (var which : List.of(run, other)) {
        assertThat(log.read(which, 0).stream().map(RecordedEvent::seq))
            .containsExactlyElementsOf(
                LongStream.rangeClosed(1, threads * each / 2).boxed().toList());
        assertThat(log.verify(which)).isInstanceOf(Verification.Intact.class);
      }
    }
  }

  @Test
  void listsRunsNewestFirstWithTheirFirstEvent() {
    var second = RunId.random();
    try (var log = open()) {
      var first = log.append(run, SampleEvents.opened("first"));
      var other = log.append(second, SampleEvents.opened("second"));
      log.append(run, SampleEvents.note("more"));
      assertThat(log.runs()).containsExactly(other, first);
    }
  }

  @Test
  void findsARunByAPrefixThatOnlyItHas() {
    try (var log = open()) {
      log.append(new RunId("r-abc"), SampleEvents.note("x"));
      log.append(new RunId("r-abd"), SampleEvents.note("x"));
      log.append(new RunId("r-abdz"), SampleEvents.note("x"));
      assertThat(log.find("r-abc")).contains(new RunId("r-abc"));
      assertThat(log.find("r-ab")).isEmpty();
      assertThat(log.find("r-abd")).as("a whole id is itself").contains(new RunId("r-abd"));
      assertThat(log.find("r-abdz")).contains(new RunId("r-abdz"));
      assertThat(log.find("r-%")).isEmpty();
      assertThat(log.find("")).isEmpty();
    }
  }

  @Test
  void reportsAPayloadThatIsMissing() {
    var missing = new BlobId("ab".repeat(32));
    try (var log = open()) {
      log.append(run, SampleEvents.opened("x"));
      log.append(run, new RunEvent.Answered(1, "m", missing, Amounts.NONE));
      assertThat(log.verify(run))
          .isInstanceOfSatisfying(
              Verification.Broken.class,
              broken -> {
                assertThat(broken.seq()).isEqualTo(2);
                assertThat(broken.what()).contains(missing.value());
              });
    }
  }

  @Test
  void keepsAnInterruptForTheCallerAndAppendsAllTheSame() {
    try (var log = open()) {
      Thread.currentThread().interrupt();
      var recorded = log.append(run, SampleEvents.note("x"));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(log.read(run, 0)).containsExactly(recorded);
    }
  }

  @Test
  void refusesAppendsOnceClosed() {
    var log = open();
    log.append(run, SampleEvents.note("x"));
    log.close();
    log.close();
    assertThatThrownBy(() -> log.append(run, new RunEvent.TakenOver(new UserId("ada"))))
        .isInstanceOf(EventLogException.class)
        .hasMessageContaining("closed");
  }

  private static RunEvent event(int number) {
    return SampleEvents.note("event " + number);
  }

  /** A task that appends. */
  private interface Step {
    RecordedEvent append(int thread);
  }

  private static List<Long> inParallel(int threads, int each, Step step)
      throws InterruptedException, ExecutionException {
    var tasks = new ArrayList<Callable<List<Long>>>();
    for (int t = 0; t < threads; t++) {
      int thread = t;
      tasks.add(() -> LongStream.range(0, each).mapToObj(_ -> step.append(thread).seq()).toList());
    }
    var seqs = new ArrayList<Long>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<List<Long>> answer : executor.invokeAll(tasks)) {
        seqs.addAll(answer.get());
      }
    }
    return seqs;
  }
}
