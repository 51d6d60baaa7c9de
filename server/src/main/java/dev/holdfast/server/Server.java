package dev.holdfast.server;

import dev.holdfast.server.api.Api;
import dev.holdfast.server.api.Status;
import dev.holdfast.server.workbench.LiveWorkbenches;
import dev.holdfast.workbench.oci.Reaper;
import io.javalin.Javalin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * The resident process of a state directory: it holds the workbenches that outlive a command, and
 * offers them over a Unix socket. There is one at a time.
 */
public final class Server implements AutoCloseable {
  private final ServerPlace place;
  private final FileChannel lock;
  private final Consumer<String> log;
  private final LiveWorkbenches workbenches;
  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Api api;
  private final Javalin http;

  private Server(
      ServerPlace place, FileChannel lock, LiveWorkbenches workbenches, Consumer<String> log) {
    this.place = place;
    this.lock = lock;
    this.log = log;
    this.workbenches = workbenches;
    var status = new Status(ProcessHandle.current().pid(), Instant.now(), place.socket());
    this.api = new Api(workbenches, status, stopAsked::countDown, log);
    this.http = api.over(place.socket());
  }

  /**
   * Removes what a server that was killed has left, and answers from then on.
   *
   * @param env where daemons of layers are found
   * @param log hears what happens, a line at a time
   * @throws ServerException when one is running already, or the state directory cannot be used
   */
  public static Server start(Path home, Map<String, String> env, Consumer<String> log) {
    var place = ServerPlace.in(home).prepare();
    try {
      var lock =
          place
              .tryHold()
              .orElseThrow(
                  () ->
                      new ServerException(
                          "a server of `%s` is running already: `holdfast server status` shows it"
                              .formatted(home)));
      try {
        Files.deleteIfExists(place.socket());
        Reaper.of(home).reapDead();
        return new Server(place, lock, LiveWorkbenches.open(home, env, log), log).listen();
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new ServerException("the server cannot start: " + e.getMessage(), e);
    }
  }

  private Server listen() {
    try {
      http.start();
      log.accept("answers at " + place.socket());
      return this;
    } catch (RuntimeException e) {
      workbenches.close();
      throw e;
    }
  }

  /**
   * Waits until somebody asks it to stop, by its API or by ending this process, and ends it then:
   * its workbenches first. The process waits for that when it is asked to end.
   */
  public void serve() throws InterruptedException {
    var hook = new Thread(this::stopForEndOfProcess, "server-end");
    Runtime.getRuntime().addShutdownHook(hook);
    stopAsked.await();
    close();
  }

  private void stopForEndOfProcess() {
    stopAsked.countDown();
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Removes the workbenches, tells whoever listens to them, and gives the socket up. Idempotent.
   */
  @Override
  public synchronized void close() {
    if (closed.getCount() == 0) {
      return;
    }
    try {
      workbenches.close();
      api.awaitStreams();
      http.stop();
      Files.deleteIfExists(place.socket());
      log.accept("has ended");
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed.countDown();
    }
  }
}
