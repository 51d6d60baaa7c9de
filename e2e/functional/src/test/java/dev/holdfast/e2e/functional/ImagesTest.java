package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An image from an archive, as the system of a command's and of a run's workbench. */
@Timeout(300)
class ImagesTest {
  @TempDir Path temp;
  private Cli cli;

  /** An image with this machine's bash, and a user of its own; written as docker save does. */
  @BeforeEach
  void loadAnImage() throws Exception {
    cli = new Cli(temp.resolve("home"));
    Path script = Files.writeString(temp.resolve("make"), MAKE);
    Cli.host(temp, "sh", script.toString());
    cli.run(temp, "images", "load", "saved.tar", "--name", "localhost/app").orFail();
  }

  private static final String MAKE =
      """
      set -eu
      mkdir -p root/bin root/etc root/srv
      printf 'root:x:0:0::/:/bin/sh\\napp:x:4711:4712::/srv:/bin/sh\\n' >root/etc/passwd
      echo mine >root/srv/mine
      chown 4711:4712 root/srv/mine
      chmod 600 root/srv/mine
      for file in bash cat id ls; do
        path=$(readlink -f "/bin/$file")
        cp "$path" "root/bin/$file"
        ldd "$path" | grep -o '/[^ ]*' | while read -r library; do
          mkdir -p "root${library%/*}"
          cp -L "$library" "root$library"
        done
      done
      tar -C root -cf layer.tar .
      digest=$(sha256sum layer.tar | cut -d' ' -f1)
      case $(uname -m) in aarch64) machine=arm64 ;; *) machine=amd64 ;; esac
      printf '{"os":"linux","architecture":"%s","config":{"User":"app","WorkingDir":"/srv",' "$machine" >c.json
      printf '"Env":["GREETING=hello"]},"rootfs":{"diff_ids":["sha256:%s"]}}' "$digest" >>c.json
      echo '[{"Config":"c.json","Layers":["layer.tar"]}]' >manifest.json
      tar -cf saved.tar c.json layer.tar manifest.json
      """;

  @ParameterizedTest
  @ValueSource(strings = {"container", "podman"})
  void aCommandRunsInTheImageAsItsUser(String layer) throws Exception {
    var said =
        cli.run(
            temp,
            "exec",
            "--layer",
            layer,
            "--image",
            "localhost/app",
            "--",
            "bash",
            "-c",
            "id -u; pwd; cat mine; echo $GREETING; ls -d /usr /srv 2>&1; echo x >/srv/new");
    assertThat(said.out())
        .startsWith("4711\n/srv\nmine\nhello\n")
        .contains("/srv", "cannot access '/usr'");
    assertThat(said.err()).contains("/srv/new: ");
    assertThat(said.code()).isEqualTo(1);
  }

  @Test
  void aRunsToolsAreTheImages() throws Exception {
    Path project = Files.createDirectories(temp.resolve("project"));
    Files.writeString(project.resolve("readme"), "start\n");
    Cli.commitAll(project);
    Path script =
        Files.writeString(
            temp.resolve("script.yaml"),
            """
            turns:
              - calls: [{tool: shell, input: {script: 'id -u >> readme; cat /srv/mine >> readme'}}]
              - calls: [{tool: submit_change, input: {title: Change the readme, description: As asked.}}]
            """);
    cli.run(
            project,
            "run",
            "--task",
            "Change the readme",
            "--model",
            "script:" + script,
            "--image",
            "localhost/app",
            "--yes")
        .orFail();
    String branch = Cli.host(project, "git", "branch", "--list", "holdfast/*").strip();
    assertThat(Cli.host(project, "git", "show", branch + ":readme"))
        .isEqualTo("start\n4711\nmine\n");
    assertThat(cli.run(project, "trace").orFail().out()).contains("image sha256:");
  }

  @Test
  void anImageIsListedShownAndRemoved() throws Exception {
    assertThat(cli.run(temp, "images", "ls").orFail().out()).contains("localhost/app:latest");
    assertThat(cli.run(temp, "--json", "images", "inspect", "localhost/app").orFail().out())
        .contains("\"user\":\"app\"", "\"directory\":\"/srv\"");
    cli.run(temp, "images", "rm", "localhost/app").orFail();
    assertThat(cli.run(temp, "images", "ls").orFail().out()).isEmpty();
    var gone = cli.run(temp, "exec", "--image", "localhost/app", "--", "id");
    assertThat(gone.code()).isEqualTo(1);
    assertThat(gone.err()).contains("registry `localhost`");
  }
}
