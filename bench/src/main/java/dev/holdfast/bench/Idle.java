package dev.holdfast.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What processes cost while they do nothing, by {@code /proc}. */
final class Idle {
  private static final Path PROC = Path.of("/proc");

  private Idle() {}

  /** The processes whose control groups name {@code group}. */
  static List<Path> inGroup(String group) throws IOException {
    return matching("cgroup", text -> text.contains("/" + group + "\n"));
  }

  /** The processes with exactly these arguments. */
  static List<Path> running(String... argv) throws IOException {
    var line = String.join("\0", argv) + "\0";
    return matching("cmdline", line::equals);
  }

  private static List<Path> matching(String file, Predicate<String> wanted) throws IOException {
    try (Stream<Path> all = Files.list(PROC)) {
      return all.filter(process -> process.getFileName().toString().matches("[0-9]+"))
          .filter(process -> wanted.test(read(process.resolve(file))))
          .toList();
    }
  }

  /** Their proportional set sizes (a shared page counts in parts), in kibibytes. */
  static long pssKib(List<Path> processes) {
    return processes.stream()
        .flatMap(process -> read(process.resolve("smaps_rollup")).lines())
        .filter(line -> line.startsWith("Pss:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }

  /** The processor time that they have had, in clock ticks: the 14th and 15th field of stat. */
  static long ticks(List<Path> processes) {
    return processes.stream()
        .map(process -> read(process.resolve("stat")))
        .filter(stat -> !stat.isEmpty())
        .map(stat -> stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1))
        .mapToLong(fields -> Long.parseLong(fields[11]) + Long.parseLong(fields[12]))
        .sum();
  }

  static Path self() {
    return PROC.resolve("self");
  }

  /** Empty when the process has ended meanwhile. */
  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException ended) {
      // ENOENT, or ESRCH when it ended while it was read.
      return "";
    }
  }
}
