package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workbenches that are held still, saved, and gone on from. */
@Timeout(180)
class SavedSessionsTest extends WithServer {
  private static final String COUNTER =
      "n=0; while sleep 0.02; do n=$((n+1)); echo $n > next; mv next count; done";

  private static final String NEXT =
      "a=$(cat count); until [ $(cat count) -gt $((a+2)) ]; do sleep 0.02; done";

  private Cli.Said workbench(String... words) throws Exception {
    var all = new java.util.ArrayList<>(List.of("workbench"));
    all.addAll(List.of(words));
    return cli.run(temp, all.toArray(String[]::new));
  }

  private List<String> ids(String... words) throws Exception {
    return workbench(words).orFail().out().lines().toList();
  }

  private String sh(String id, String script) throws Exception {
    return workbench("exec", id, "--", "sh", "-c", script).orFail().out();
  }

  private String overRepository(String... options) throws Exception {
    var repository = Files.createDirectories(temp.resolve("repo"));
    Files.writeString(repository.resolve("file"), "committed\n");
    Files.writeString(repository.resolve("gone"), "committed\n");
    Cli.commitAll(repository);
    var all = new java.util.ArrayList<>(List.of("create", "--repo", "repo"));
    all.addAll(List.of(options));
    return ids(all.toArray(String[]::new)).getFirst();
  }

  @Test
  void savedFilesOfARepositoryGoOnInWorkbenchesOfTheirOwn() throws Exception {
    var id = overRepository();
    sh(id, "rm gone; echo saved > file; git add -A; git commit -qm saved; echo new > untracked");
    var saved = workbench("checkpoint", id, "--name", "good").orFail().out().strip();
    assertThat(saved).matches("c-[a-z0-9]+");
    sh(id, "rm -rf file .git");
    assertThat(workbench("checkpoint", id, "--name", "good").err()).contains("`good` is taken");

    workbench("pause", id).orFail();
    assertThat(workbench("ls").orFail().out()).contains(id, "paused");
    assertThat(workbench("exec", id, "--", "true").err()).contains("is paused");
    workbench("resume", id).orFail();
    assertThat(sh(id, "cat untracked")).isEqualTo("new\n");

    cli.run(temp, "server", "stop").orFail();
    assertThat(workbench("checkpoints").orFail().out()).contains(saved, id, "files", "good");
    var copies = ids("restore", "good", "-n", "2");
    assertThat(copies).hasSize(2).allMatch(it -> it.matches("w-[a-z0-9]+"));
    for (var copy : copies) {
      assertThat(sh(copy, "cat file untracked; ls; git log --format=%s -1; git status -sb"))
          .isEqualTo(
              "saved\nnew\nfile\nuntracked\nsaved\n## holdfast/%s\n?? untracked\n".formatted(copy));
    }
    sh(copies.getFirst(), "echo mine > file; git commit -qam mine");
    assertThat(sh(copies.getLast(), "cat file")).isEqualTo("saved\n");

    var forked = ids("fork", copies.getFirst()).getFirst();
    assertThat(sh(forked, "cat file; git log --format=%s -1")).isEqualTo("mine\nmine\n");
    assertThat(workbench("checkpoints").orFail().out().lines()).hasSize(1);
    workbench("checkpoints", "rm", saved).orFail();
    assertThat(workbench("restore", "good").err()).contains("there is no checkpoint `good`");

    assertThat(workbench("fork", forked, "-n", "65").code()).isEqualTo(2);
    workbench("rm", "--all").orFail();
    try (var left = Files.list(home.resolve("workspaces"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void filesThatStandOnNoRepositoryAreSavedWhole() throws Exception {
    var id = ids("create").getFirst();
    sh(id, "mkdir -p deep/er; echo kept > deep/er/file; ln -s deep/er/file link; : > /tmp/lost");
    var saved = ids("checkpoint", id).getFirst();
    sh(id, "rm -r deep; echo later > more");
    workbench("rm", id).orFail();

    var copies = ids("restore", saved, "-n", "2");
    sh(copies.getFirst(), "echo changed > link");
    assertThat(sh(copies.getLast(), "ls; cat link; stat -c %U . deep/er/file; ls /tmp"))
        .isEqualTo("deep\nlink\nkept\nagent\nagent\n");
    assertThat(sh(ids("fork", copies.getFirst()).getFirst(), "cat link")).isEqualTo("changed\n");

    workbench("checkpoints", "rm", "--older-than", "1").orFail();
    assertThat(ids("checkpoints", "rm", "--all")).containsExactly(saved);
    assertThat(workbench("checkpoints", "rm").code()).isEqualTo(2);
    assertThat(workbench("checkpoints", "rm", "--all", saved).code()).isEqualTo(2);
    assertThat(workbench("checkpoints", "rm", "--older-than", "0").code()).isEqualTo(2);
    workbench("rm", "--all").orFail();
    try (var left = Files.list(home.resolve("scratch"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void programsOfAMachineMadeForItGoOnUnlessOnlyFilesShall() throws Exception {
    var id = ids("create", "--layer", "microvm", "--memory-checkpoints").getFirst();
    workbench("exec", id, "--detach", "--", "sh", "-c", COUNTER).orFail();
    sh(id, "until [ -s count ]; do sleep 0.02; done; echo kept > /tmp/kept");
    var saved = ids("checkpoint", id, "--memory").getFirst();
    workbench("rm", id).orFail();

    var copy = ids("restore", saved).getFirst();
    assertThat(sh(copy, NEXT + "; cat /tmp/kept; hostname")).isEqualTo("kept\n" + copy + "\n");
    var files = ids("restore", saved, "--files-only").getFirst();
    assertThat(sh(files, "a=$(cat count); sleep 0.5; [ $a = $(cat count) ] && ls /tmp")).isEmpty();
  }

  @Test
  void programsGoOnInForksThatShareNothing() throws Exception {
    var id = overRepository("--layer", "gvisor");
    workbench("exec", id, "--detach", "--", "sh", "-c", COUNTER).orFail();
    sh(id, "until [ -s count ]; do sleep 0.02; done; echo kept > /tmp/kept");

    var forks = ids("fork", id, "-n", "2", "--memory");
    assertThat(forks).hasSize(2);
    var draw =
        "hostname > mine; od -An -N16 -tx1 /dev/urandom; cat /proc/sys/kernel/random/boot_id";
    var drawn = new java.util.ArrayList<String>();
    for (var fork : forks) {
      var said = sh(fork, NEXT + "; cat /tmp/kept; git status -sb; " + draw + " mine");
      assertThat(said).contains("kept\n## holdfast/" + fork + "\n");
      var own = said.lines().skip(said.lines().count() - 3).toList();
      assertThat(own.getLast()).isEqualTo(fork);
      assertThat(drawn).doesNotContainAnyElementsOf(own);
      drawn.addAll(own);
    }
    assertThat(sh(id, NEXT + "; ls")).doesNotContain("mine");
  }
}
