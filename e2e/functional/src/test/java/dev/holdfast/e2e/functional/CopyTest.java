package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Files into a workbench and out of it, past an agent that lays traps. */
@Timeout(180)
class CopyTest extends LiveWorkbench {
  private Cli.Said cp(String from, String to) throws Exception {
    return cli.run(temp, "workbench", "cp", from, to);
  }

  private String sh(String script) throws Exception {
    return cli.run(temp, "workbench", "exec", "w", "--", "sh", "-c", script).orFail().out();
  }

  @Test
  void aTreeComesBackAsItWent() throws Exception {
    var tree = Files.createDirectories(temp.resolve("tree/deep/deeper"));
    var large = new byte[5_000_000];
    new Random(1).nextBytes(large);
    Files.write(tree.resolve("large"), large);
    Files.writeString(tree.resolve("näme with spaces & ?=#%"), "odd");
    Files.createFile(tree.resolve("empty"));
    Files.writeString(temp.resolve("tree/run"), "#!/bin/sh\necho ran\n");
    assertThat(temp.resolve("tree/run").toFile().setExecutable(true)).isTrue();
    Files.createSymbolicLink(temp.resolve("tree/link"), Path.of("/etc/hostname"));

    assertThat(cp("tree", "w:there").orFail().err()).contains("left out", "link");
    assertThat(sh("./there/run; wc -c < there/deep/deeper/large")).isEqualTo("ran\n5000000\n");
    cp("w:/workspace/there", "back").orFail();

    Files.delete(temp.resolve("tree/link"));
    assertThat(contents(temp.resolve("back"))).isEqualTo(contents(temp.resolve("tree")));
    assertThat(Files.readAllBytes(temp.resolve("back/deep/deeper/large"))).isEqualTo(large);
    assertThat(Files.isExecutable(temp.resolve("back/run"))).isTrue();

    Files.createDirectory(temp.resolve("other"));
    cp("w:there/run", "other").orFail();
    assertThat(temp.resolve("other/run")).exists();
    cp("tree/run", "w:").orFail();
    assertThat(sh("./run")).isEqualTo("ran\n");
  }

  @Test
  void whatThisMachineRefusesIsNoDefect() throws Exception {
    sh("echo x > file");
    var missing = cp("w:file", "nowhere/file");
    assertThat(missing.err()).contains("not copied: `", "nowhere` does not exist");
    assertThat(missing.code()).isEqualTo(1);
    Files.createFile(temp.resolve("here"));
    assertThat(cp("w:file", "here/file").code()).isEqualTo(1);
  }

  private static Map<String, Long> contents(Path directory) throws IOException {
    var contents = new TreeMap<String, Long>();
    try (var paths = Files.walk(directory)) {
      for (var path : paths.toList()) {
        contents.put(
            directory.relativize(path).toString(),
            Files.isRegularFile(path) ? Files.size(path) : -1);
      }
    }
    return contents;
  }

  @Test
  void nothingIsReadThroughLinksNorWrittenThroughThem() throws Exception {
    sh(
        "mkdir d; ln -s /etc/passwd d/file; ln -s / d/root; mkfifo d/fifo; echo x > d/real;"
            + " ln -s ../../../home d/up");
    var said = cp("w:d", "out").orFail();
    assertThat(contents(temp.resolve("out"))).containsOnlyKeys("", "real");
    assertThat(said.err()).contains("d/file", "d/root", "d/fifo", "d/up");
    for (var outside :
        new String[] {"w:d/file", "w:d/root/etc/passwd", "w:../etc/passwd", "w:/etc/passwd"}) {
      assertThat(cp(outside, "taken").code()).as(outside).isNotZero();
      assertThat(temp.resolve("taken")).doesNotExist();
    }
    assertThat(cp("home", "w:d/root/tmp/x").code()).isEqualTo(1);

    // Links on this side, under names that the agent chooses.
    sh("mkdir -p e/sub; echo agent > e/sub/file; echo agent > e/plain");
    var outside = Files.createDirectory(temp.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "mine");
    var target = Files.createDirectories(temp.resolve("target/e"));
    Files.createSymbolicLink(target.resolve("plain"), outside.resolve("precious"));
    Files.createSymbolicLink(target.resolve("sub"), outside);
    assertThat(cp("w:e", "target").err()).contains("nothing is written through it");
    assertThat(outside.resolve("precious")).hasContent("mine");
    assertThat(outside.resolve("file")).doesNotExist();
    cp("w:e/plain", "target/e/plain").orFail();
    assertThat(Files.isSymbolicLink(target.resolve("plain"))).isFalse();
    assertThat(outside.resolve("precious")).hasContent("mine");
  }

  /** The agent swaps files for links and back all the time. */
  @Test
  void aTreeThatChangesUnderTheCopyLeadsNowhere() throws Exception {
    cli.run(
            temp,
            "workbench",
            "exec",
            "w",
            "--detach",
            "--",
            "sh",
            "-c",
            "mkdir -p t; while :; do rm -rf t/a; ln -s /etc t/a; rm t/a; mkdir t/a; echo in >"
                + " t/a/passwd; done")
        .orFail();
    for (int i = 0; i < 8; i++) {
      cp("w:t", "swapped" + i);
      var file = temp.resolve("swapped" + i + "/a/passwd");
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        assertThat(file).content().doesNotContain("root:");
      }
      assertThat(Files.isSymbolicLink(temp.resolve("swapped" + i + "/a"))).isFalse();
    }
  }

  @Test
  void aCopyThatFailsLeavesNothingHalf() throws Exception {
    Files.writeString(temp.resolve("file"), "old");
    assertThat(cp("w:missing", "file").err()).contains("`missing` does not exist");
    assertThat(temp.resolve("file")).hasContent("old");
    assertThat(cp("missing", "w:").err()).contains("does not exist");
    assertThat(cp("a", "b").code()).isEqualTo(2);
    try (var left = Files.list(temp)) {
      assertThat(left.map(it -> it.getFileName().toString()))
          .containsExactlyInAnyOrder("file", "home");
    }
  }
}
