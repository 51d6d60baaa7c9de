package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A program of the test's own class path in a process of its own, to be killed with {@code kill -9}
 * while it is at work. What it says on stderr is the test's.
 */
public record Victim(Process process) {
  /** Starts the {@code main} of a class. */
  public static Victim start(Class<?> program, Object... arguments) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    for (var argument : arguments) {
      command.add(argument.toString());
    }
    return new Victim(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Waits until it says so, as its first line, and then kills it within {@code millis}. */
  public void killWithin(int millis, String first) throws Exception {
    assertThat(process.inputReader().readLine()).isEqualTo(first);
    Thread.sleep(ThreadLocalRandom.current().nextInt(millis));
    process.destroyForcibly().waitFor();
  }
}
