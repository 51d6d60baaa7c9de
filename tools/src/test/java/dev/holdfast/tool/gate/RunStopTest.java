package dev.holdfast.tool.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class RunStopTest {
  private final GateFixture world = new GateFixture();
  private final RunSession session = world.session();

  @Test
  void noCallBeginsOnceTheRunIsStopped() {
    session.stop();
    assertThatThrownBy(() -> world.gate().call(session, GateFixture.call("c-1", "{\"by\":1}")))
        .isInstanceOf(RunStopped.class);
    assertThat(world.effects).hasValue(0);
    assertThat(world.events).isEmpty();
    assertThatThrownBy(session::workbench).isInstanceOf(RunStopped.class);
  }

  @Test
  void whoWaitsIsInterruptedAndIsNotAfterwards() throws Exception {
    var waits = new CountDownLatch(1);
    var task =
        new FutureTask<>(
            () -> {
              try {
                return session.whileWaiting(
                    () -> {
                      waits.countDown();
                      Thread.sleep(60_000);
                      return "slept";
                    });
              } catch (InterruptedException stopped) {
                return "interrupted, then " + Thread.currentThread().isInterrupted();
              }
            });
    Thread.ofVirtual().start(task);
    waits.await();
    session.stop();
    assertThat(task.get()).isEqualTo("interrupted, then false");
  }

  @Test
  void aWaitThatComesTooLateDoesNotBegin() {
    session.stop();
    assertThatThrownBy(
            () ->
                session.whileWaiting(
                    () -> {
                      Thread.sleep(60_000);
                      return "slept";
                    }))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void theAgentIsLetGoWhenItWaitsForAPersonWhoHasTheTurn() throws Exception {
    var here = new CountDownLatch(1);
    var task =
        new FutureTask<>(
            () -> {
              here.countDown();
              session.awaitTurn();
              return "had its turn";
            });
    session.whilePersonActs(
        () -> {
          Thread.ofVirtual().start(task);
          session.stop();
          assertThatThrownBy(task::get).hasCauseInstanceOf(RunStopped.class);
        });
    assertThat(here.getCount()).isZero();
  }
}
