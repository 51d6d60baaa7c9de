package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.AgentIds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What an ordinary user needs on this host to make workbenches. The launcher {@code holdfast}
 * starts Java in a user namespace, where it can; a Java machine that runs cannot enter one.
 */
public final class Rootless {
  private static final List<String> MAPPERS = List.of("newuidmap", "newgidmap");
  private static final int LIMIT_SECONDS = 10;

  /** The launcher's own attempt, to be read. */
  private static final List<String> ATTEMPT =
      List.of("unshare", "--user", "--mount", "--map-root-user", "--map-auto", "true");

  private Rootless() {}

  /**
   * Something that is missing.
   *
   * @param remedy a command that mends it
   */
  public record Problem(String detail, String remedy) {}

  /** Whether Holdfast runs for an ordinary user, in a user namespace of his. */
  public static boolean isActive() {
    return AgentIds.ROOTLESS;
  }

  /** Everything that is missing; empty when workbenches can be made. */
  public static List<Problem> problems() {
    var problems = new ArrayList<Problem>();
    if (!isActive()) {
      namespace(problems);
    }
    new OwnGroup(Cgroups.ofUser())
        .problem()
        .ifPresent(detail -> problems.add(new Problem(detail, OwnGroup.REMEDY)));
    return problems;
  }

  /** All of it as one sentence. */
  static String explain() {
    var text = new StringBuilder("without root, workbenches cannot be made here:");
    String separator = " ";
    for (Problem problem : problems()) {
      text.append(separator).append(problem.detail());
      text.append(": `").append(problem.remedy()).append('`');
      separator = "; ";
    }
    return text.toString();
  }

  private static void namespace(List<Problem> problems) {
    int before = problems.size();
    settings(problems);
    if (!MAPPERS.stream().allMatch(Rootless::isInstalled)) {
      problems.add(new Problem("`newuidmap` is not installed", "sudo apt-get install -y uidmap"));
    }
    String user = System.getProperty("user.name");
    if (size("/etc/subuid", user) < AgentIds.COUNT || size("/etc/subgid", user) < AgentIds.COUNT) {
      long first = Math.max(free("/etc/subuid"), free("/etc/subgid"));
      String range = "%d-%d".formatted(first, first + AgentIds.COUNT - 1);
      problems.add(
          new Problem(
              "`/etc/subuid` and `/etc/subgid` do not give `%s` %,d ids"
                  .formatted(user, AgentIds.COUNT),
              "sudo usermod --add-subuids %1$s --add-subgids %1$s %2$s".formatted(range, user)));
    }
    if (problems.size() == before) {
      attempt().ifPresent(problems::add);
    }
  }

  private static void settings(List<Problem> problems) {
    setting("/proc/sys/user/max_user_namespaces", 0, "15000").ifPresent(problems::add);
    setting("/proc/sys/kernel/unprivileged_userns_clone", 0, "1").ifPresent(problems::add);
    setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 1, "0")
        .ifPresent(problems::add);
  }

  /** A kernel setting that forbids it, where there is such a setting. */
  private static Optional<Problem> setting(String file, long forbids, String allows) {
    try {
      if (Long.parseLong(Files.readString(Path.of(file)).strip()) != forbids) {
        return Optional.empty();
      }
    } catch (IOException | NumberFormatException none) {
      return Optional.empty();
    }
    String name = file.substring("/proc/sys/".length()).replace('/', '.');
    return Optional.of(
        new Problem(
            "`%s` is `%d`".formatted(name, forbids),
            "sudo sysctl -w %s=%s".formatted(name, allows)));
  }

  private static boolean isInstalled(String program) {
    return Stream.of("/usr/local/bin", "/usr/bin", "/bin")
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /** How many ids a user's largest range in such a file has. */
  private static long size(String file, String user) {
    return ranges(file).filter(r -> r[0].equals(user)).mapToLong(r -> number(r[2])).max().orElse(0);
  }

  /** The first id after all ranges of a file; 100000 is what {@code useradd} begins with. */
  private static long free(String file) {
    return ranges(file).mapToLong(r -> number(r[1]) + number(r[2])).reduce(100_000, Math::max);
  }

  /** Lines of three parts: a user, the first id and how many. */
  private static Stream<String[]> ranges(String file) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .map(line -> line.split(":", -1))
          .filter(parts -> parts.length == 3);
    } catch (IOException none) {
      return Stream.empty();
    }
  }

  private static long number(String text) {
    return text.matches("\\d{1,10}") ? Long.parseLong(text) : 0;
  }

  /** What nothing above explains is said in the program's own words. */
  private static Optional<Problem> attempt() {
    String update = "sudo apt-get install -y util-linux";
    try {
      Process process = new ProcessBuilder(ATTEMPT).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said =
          new String(process.getInputStream().readNBytes(500), StandardCharsets.UTF_8).strip();
      boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      return ended && process.exitValue() == 0
          ? Optional.of(new Problem("it was not started by its launcher", "./holdfast COMMAND"))
          : Optional.of(new Problem(said.lines().findFirst().orElse("`unshare` failed"), update));
    } catch (IOException notThere) {
      return Optional.of(new Problem("`unshare` is not installed", update));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(new Problem("interrupted", update));
    }
  }
}
