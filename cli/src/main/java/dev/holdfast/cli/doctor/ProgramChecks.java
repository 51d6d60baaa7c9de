package dev.holdfast.cli.doctor;

import static dev.holdfast.cli.doctor.Host.QUICK;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Programs that Holdfast starts or is built with, and what they stand on. */
final class ProgramChecks {
  private static final long ENOUGH_BYTES = 2L << 30;

  private ProgramChecks() {}

  /** A program that answers when asked for its version. */
  static Finding answers(Host host, String program, String question, Remedy remedy) {
    if (!host.has(program)) {
      return Finding.broken(program + " is missing", remedy);
    }
    var ran = host.run(QUICK, program, question);
    return ran.ok()
        ? Finding.works(ran.firstLine())
        : Finding.broken("`%s %s` failed: %s".formatted(program, question, ran.lastLine()), remedy);
  }

  static Finding compiler(Host host) {
    var found = answers(host, "gcc", "--version", Remedy.install("gcc", "libc6-dev", "make"));
    return found instanceof Finding.Works && !host.has("make")
        ? Finding.broken("make is missing", Remedy.install("make"))
        : found;
  }

  static Finding java(Host host) {
    var feature = Runtime.version().feature();
    return feature >= 25
        ? Finding.works(Runtime.version().toString())
        : Finding.broken(
            "Java %d; 25 or newer is needed".formatted(feature), Remedy.install("temurin-25-jdk"));
  }

  static Finding disk(Host host) {
    Path place = host.home().toAbsolutePath();
    while (!Files.isDirectory(place) && place.getParent() != null) {
      place = place.getParent();
    }
    try {
      var free = Files.getFileStore(place).getUsableSpace();
      var detail = "%,d MiB free for %s".formatted(free >> 20, host.home());
      return free >= ENOUGH_BYTES
          ? Finding.works(detail)
          : Finding.broken(
              detail + "; 2,048 are needed", Remedy.run("holdfast clean, or set HOLDFAST_HOME"));
    } catch (IOException e) {
      return Finding.broken(String.valueOf(e.getMessage()), Remedy.NONE);
    }
  }
}
