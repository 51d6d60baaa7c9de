package dev.holdfast.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.cli.command.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A machine whose programs are scripts of the test, and a terminal that can be read. */
record FakeMachine(Path programs, ByteArrayOutputStream out, ByteArrayOutputStream err) {
  static FakeMachine in(Path directory) throws IOException {
    return new FakeMachine(
        Files.createDirectory(directory.resolve("programs")),
        new ByteArrayOutputStream(),
        new ByteArrayOutputStream());
  }

  FakeMachine with(String program, String script) throws IOException {
    var file = Files.writeString(programs.resolve(program), "#!/bin/sh\n" + script + "\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return this;
  }

  Host host() {
    return new Host(Map.of("PATH", programs.toString()), programs.resolve("home"));
  }

  Terminal terminal(boolean json) {
    return new Terminal(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        json,
        false,
        false,
        false);
  }

  String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String noted() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
