package dev.holdfast.cli.server;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.server.ServerPlace;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Starts the server of a state directory when none runs, as a process of its own. */
final class ServerStart {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration GLANCE = Duration.ofMillis(20);
  private static final long LARGEST_LOG = 1 << 20;
  private static final String MAIN = "dev.holdfast.cli.Main";

  private ServerStart() {}

  static boolean answers(Path socket) {
    try (var channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return channel.isConnected();
    } catch (IOException | IllegalArgumentException nobody) {
      return false;
    }
  }

  /** The socket of the server, which is started when there is none. Two at once start one. */
  static Path ensure(Context context) throws IOException, InterruptedException {
    var place = ServerPlace.in(context.home()).prepare();
    if (answers(place.socket())) {
      return place.socket();
    }
    try (var file =
            FileChannel.open(
                place.starting(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var _ = file.lock()) {
      if (!answers(place.socket())) {
        start(place, context);
      }
    }
    return place.socket();
  }

  private static void start(ServerPlace place, Context context)
      throws IOException, InterruptedException {
    if (!place.awaitEnd(PATIENCE)) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "the server of `%s` runs but does not answer; `%s` is its log"
              .formatted(context.home(), place.log()));
    }
    context
        .terminal()
        .note(
            "holdfast: starting a server for `%s`; `holdfast server stop` ends it"
                .formatted(context.home()));
    rotate(place.log());
    var process =
        new ProcessBuilder(command(context.home()))
            .directory(place.directory().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(place.log().toFile()))
            .start();
    awaitAnswer(process, place);
  }

  private static void awaitAnswer(Process process, ServerPlace place)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!answers(place.socket())) {
      if (!process.isAlive() || System.nanoTime() - deadline > 0) {
        process.destroy();
        throw new CommandFailure(
            ExitCode.FAILED, "the server did not start: %s".formatted(lastLine(place.log())));
      }
      Thread.sleep(GLANCE);
    }
  }

  private static String lastLine(Path log) throws IOException {
    var lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
    return lines.isEmpty() ? "it said nothing" : lines.getLast();
  }

  /** One that grows over many servers is kept once more and then gone. */
  private static void rotate(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
      Files.move(log, log.resolveSibling("log.old"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * This very program, as it was started, but with another command; in a session of its own, so
   * that what a person does at this terminal does not reach it.
   */
  private static List<String> command(Path home) throws IOException {
    var words =
        Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8).split("\0", -1);
    var command = new ArrayList<>(List.of("setsid", words[0], "-Xms16m", "-Xmx256m"));
    for (int at = 1; at < words.length && !words[at].equals(MAIN); at++) {
      // What makes a short command start sooner makes a long one slower.
      if (!words[at].equals("-XX:TieredStopAtLevel=1")
          && !words[at].startsWith("-Dholdfast.terminals=")) {
        command.add(words[at]);
      }
    }
    command.addAll(List.of(MAIN, "server", "--home", home.toString()));
    return command;
  }
}
