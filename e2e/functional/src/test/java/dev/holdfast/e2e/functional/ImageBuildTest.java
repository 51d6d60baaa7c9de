package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images made of a Dockerfile, on nothing but this machine's busybox. */
@Timeout(300)
class ImageBuildTest {
  private static final String BASE =
      """
      FROM scratch AS base
      COPY busybox /bin/busybox
      COPY busybox /bin/sh
      RUN ["/bin/busybox", "--install", "-s", "/bin"]
      RUN <<EOF
      mkdir -p /etc /root; mkdir -m 1777 /tmp
      cat >/etc/passwd <<PASSWD
      root:x:0:0::/root:/bin/sh
      app:x:4711:4712::/app:/bin/sh
      PASSWD
      EOF
      FROM base
      """;

  @TempDir Path temp;
  private Path context = Path.of("/");
  private Cli cli = new Cli(Path.of("/"));

  @BeforeEach
  void fillTheContext() throws Exception {
    cli = new Cli(temp.resolve("home"));
    context = Files.createDirectories(temp.resolve("context"));
    Files.copy(Path.of("/bin/busybox"), context.resolve("busybox"));
  }

  @AfterEach
  void nothingIsMountedAnyMore() throws Exception {
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(temp.toString());
    Path scratch = temp.resolve("home/scratch");
    if (Files.exists(scratch)) {
      assertThat(scratch).isEmptyDirectory();
    }
  }

  private Cli.Said build(String dockerfile, String... options) throws Exception {
    Files.writeString(context.resolve("Dockerfile"), dockerfile);
    var command = new java.util.ArrayList<>(List.of("images", "build", "-t", "localhost/made"));
    command.addAll(List.of(options));
    command.add(".");
    return cli.run(context, command.toArray(String[]::new));
  }

  private String inside(String script) throws Exception {
    return cli.run(temp, "exec", "--image", "localhost/made", "--", "sh", "-c", script)
        .orFail()
        .out();
  }

  @Test
  void aDockerfileBecomesAnImageAndIsNotRunTwice() throws Exception {
    Files.writeString(context.resolve("hello.txt"), "hi\n");
    var dockerfile =
        BASE
            + """
            ARG WHO=world
            ENV GREETING="hello ${WHO}"
            WORKDIR /app
            COPY --chown=app:4712 --chmod=640 hello.txt ./
            RUN echo $GREETING >said && \\
                # between two lines
                rm /bin/vi
            USER app
            RUN id -u >/tmp/who; cat hello.txt >>/tmp/who
            LABEL of="a test"
            CMD ["cat", "said"]
            """;
    var first = build(dockerfile, "--build-arg", "WHO=you").orFail();
    assertThat(inside("id -u; pwd; cat said; ls -l hello.txt; ls /bin/vi 2>&1 || true"))
        .startsWith("4711\n/app\nhello you\n-rw-r-----")
        .contains("/bin/vi: No such file");
    var second = build(dockerfile, "--build-arg", "WHO=you").orFail();
    assertThat(second.out()).isEqualTo(first.out());
    assertThat(second.err()).contains("as before  RUN echo").doesNotContain("step       RUN");
    assertThat(build(dockerfile).orFail().err())
        .contains("as before  RUN <<EOF", "step       RUN echo");
    Files.writeString(context.resolve("hello.txt"), "changed\n");
    assertThat(build(dockerfile).orFail().err()).contains("step       COPY --chmod");
    assertThat(build(dockerfile, "--no-cache").orFail().err()).doesNotContain("as before");
  }
}
