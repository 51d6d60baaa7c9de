package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher itself, as an ordinary user starts it. */
class RootlessTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Deletes, replaces and adds, so that the overlay has to hide a file and a whole directory. */
  private static final String SCRIPT =
      """
      turns:
        - calls: [{tool: shell, input: {script: 'rm gone; rm -r d; mkdir d; echo new >d/new; echo changed >>readme; echo added >added; id'}}]
        - calls: [{tool: submit_change, input: {title: Change it, description: As asked.}}]
      """;

  private static final String MAKE_PROJECT =
      """
      set -e; mkdir project; cd project; mkdir d
      echo start >readme; echo old >gone; echo old >d/old
      git init -q -b main; git config user.name Ida; git config user.email ida@example.org
      git add -A; git commit -q -m Start
      """;

  @TempDir Path home;

  @Test
  void anOrdinaryUserRunsProgramsThatAreNeitherHeNorTheHost() throws Exception {
    try (var user = OrdinaryUser.in(home).withGroups()) {
      var script =
          "id; cat /proc/self/uid_map /proc/self/status; ls -A %s /root /sys/fs/cgroup"
              .formatted(home);
      var said = user.run("exec", "--", "sh", "-c", script);

      assertThat(said.out()).startsWith("uid=1000(agent) gid=1000(agent) groups=1000(agent)\n");
      // Of the namespace that is around it, where 0 is the user: he is nobody inside.
      assertThat(said.out()).containsPattern("\n +0 +1 +65535\n");
      assertThat(said.out())
          .containsPattern("Groups:\t \n")
          .contains("CapBnd:\t0000000000000000\n");
      assertThat(said.err())
          .contains("'%s': No such file".formatted(home), "'/root': No such file")
          .contains("'/sys/fs/cgroup': No such file");

      var greedy = "x = bytearray(1 << 29)";
      assertThat(user.run("exec", "--memory", "64M", "--", "python3", "-c", greedy).err())
          .contains("it used more than 67108864 bytes of memory");
      assertNothingIsLeftOf(user);
    }
  }

  @Test
  void aChangeIsKeptBetweenCommandsAndBecomesACommitOfTheUser() throws Exception {
    try (var user = OrdinaryUser.in(home).withGroups()) {
      user.runProgram("sh", "-c", MAKE_PROJECT).orFail();
      Path script = Files.writeString(home.resolve("script.yaml"), SCRIPT);
      var repository = home.resolve("project").toString();
      var ran =
          user.run(
              "run", "--repo", repository, "--task", "change it", "--model", "script:" + script);

      assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(3);
      // Another process, which has the files from what was saved.
      assertThat(user.run("diff").orFail().out())
          .contains("+changed", "+++ b/added", "+++ b/d/new", "--- a/d/old", "--- a/gone");
      user.run("approve").orFail();
      var branch = "git for-each-ref --format='%(refname)' refs/heads/holdfast";
      var tree =
          user.runProgram(
                  "sh", "-c", "cd project; git ls-tree -r --name-only $(%s)".formatted(branch))
              .orFail();
      assertThat(tree.out()).isEqualTo("added\nd/new\nreadme\n");
      assertThat(Files.getAttribute(home.resolve("project/.git/HEAD"), "unix:uid"))
          .isEqualTo(OrdinaryUser.ID);
      assertNothingIsLeftOf(user);
    }
  }

  @Test
  void whatASessionHoldsIsSavedAndGoesOn() throws Exception {
    try (var user = OrdinaryUser.in(home).withGroups()) {
      user.runProgram("sh", "-c", MAKE_PROJECT).orFail();
      for (var over : List.of(List.<String>of(), List.of("--repo", home + "/project"))) {
        var created = Stream.concat(Stream.of("workbench", "create"), over.stream());
        var id = user.run(created.toArray(String[]::new)).orFail().out().strip();
        user.run("workbench", "exec", id, "--", "sh", "-c", "rm -f gone; echo new > file").orFail();
        var saved = user.run("workbench", "checkpoint", id).orFail().out().strip();
        user.run("workbench", "exec", id, "--", "rm", "file").orFail();
        var copy = user.run("workbench", "restore", saved).orFail().out().strip();
        var said = user.run("workbench", "exec", copy, "--", "sh", "-c", "cat file; ls").orFail();
        assertThat(said.out()).isEqualTo(over.isEmpty() ? "new\nfile\n" : "new\nd\nfile\nreadme\n");
        user.run("workbench", "rm", "--all").orFail();
      }
      user.run("server", "stop").orFail();
      await(() -> user.processes().isEmpty());
      assertNothingIsLeftOf(user);
    }
  }

  @Test
  void afterKillNineTheNextStartLeavesNothing() throws Exception {
    try (var user = OrdinaryUser.in(home).withGroups()) {
      Process killed = user.start("exec", "--", "sh", "-c", "setsid sleep 600 & sleep 600");
      await(() -> !workbenches(user).isEmpty() && user.processes().size() > 2);
      killed.destroyForcibly().waitFor();
      assertThat(workbenches(user)).isNotEmpty();

      user.run("exec", "--", "true").orFail();
      assertNothingIsLeftOf(user);
    }
  }

  @Test
  void whereNothingCanLimitItNothingRunsAndTheRefusalSaysWhatMendsIt() throws Exception {
    try (var user = OrdinaryUser.in(home)) {
      var said = user.run("exec", "--", "true");

      assertThat(said.code()).isEqualTo(1);
      assertThat(said.err())
          .contains(
              "without root, workbenches cannot be made here: no control group of your own limits"
                  + " memory, pids, cpu here:"
                  + " `systemd-run --user --scope -p Delegate=yes ./holdfast COMMAND`");
      user.run("version").orFail();
      assertThat(user.run("exec", "--layer", "docker", "--", "true").err())
          .contains("without root it is not used: its daemon is root's");
    }
  }

  @Test
  void everyAttackIsContained() throws Exception {
    try (var user = OrdinaryUser.in(home).withGroups()) {
      var said = user.run("scorecard", "--layer", "container").orFail();

      assertThat(said.out()).contains("host-files", "contained").doesNotContain("got out");
      assertNothingIsLeftOf(user);
    }
  }

  private static void assertNothingIsLeftOf(OrdinaryUser user) throws IOException {
    assertThat(workbenches(user)).isEmpty();
    assertThat(user.processes()).isEmpty();
    for (Path memory : List.of(Path.of("/run"), Path.of("/dev/shm"))) {
      try (Stream<Path> places = Files.list(memory)) {
        assertThat(places.filter(RootlessTest::isTheUsers)).isEmpty();
      }
    }
  }

  private static boolean isTheUsers(Path path) {
    try {
      return Files.getAttribute(path, "unix:uid").equals(OrdinaryUser.ID);
    } catch (IOException gone) {
      return false;
    }
  }

  /** The control groups of workbenches. */
  private static List<Path> workbenches(OrdinaryUser user) throws IOException {
    return user.below().stream()
        .filter(path -> path.getFileName().toString().startsWith("holdfast-w-"))
        .toList();
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(5_000_000);
    }
  }
}
