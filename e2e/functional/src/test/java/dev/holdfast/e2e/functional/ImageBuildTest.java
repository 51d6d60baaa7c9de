package dev.holdfast.e2e.functional;

import static dev.holdfast.e2e.functional.BuildContext.BASE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images made of a Dockerfile or a devcontainer.json, on nothing but this machine's busybox. */
@Timeout(300)
class ImageBuildTest {
  @TempDir Path temp;
  private BuildContext context = new BuildContext(Path.of("/"), new Cli(Path.of("/")));

  @BeforeEach
  void fillTheContext() throws Exception {
    context = BuildContext.in(temp);
  }

  @AfterEach
  void nothingIsLeftOfTheBuild() throws Exception {
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(temp.toString());
    assertThat(temp.resolve("home/scratch")).isEmptyDirectory();
  }

  @Test
  void aDockerfileBecomesAnImageAndIsNotRunTwice() throws Exception {
    context.write("hello.txt", "hi\n");
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
            CMD ["cat", "said"]
            """;
    var first = context.build(dockerfile, "--build-arg", "WHO=you").orFail();
    assertThat(context.inside("id -u; pwd; cat said; ls -l hello.txt; ls /bin/vi 2>&1 || true"))
        .startsWith("4711\n/app\nhello you\n-rw-r-----")
        .contains("/bin/vi: No such file");
    var second = context.build(dockerfile, "--build-arg", "WHO=you").orFail();
    assertThat(second.out()).isEqualTo(first.out());
    assertThat(second.err()).contains("as before  RUN echo").doesNotContain("step       RUN");
    assertThat(context.build(dockerfile).orFail().err())
        .contains("as before  RUN <<EOF", "step       RUN echo");
    context.write("hello.txt", "changed\n");
    assertThat(context.build(dockerfile).orFail().err()).contains("step       COPY --chmod");
    assertThat(context.build(dockerfile, "--no-cache").orFail().err()).doesNotContain("as before");
  }

  @Test
  void stagesHandFilesOnAndUnneededOnesAreNotMade() throws Exception {
    context.write("tree/a/b.txt", "b");
    context.write("tree/secret/key", "k");
    context.write(".dockerignore", "**/secret\n");
    var said =
        context
            .build(
                BASE
                    + """
                    RUN mkdir -p /out/deep && echo made >/out/deep/file && ln -s deep/file /out/link
                    FROM base AS unneeded
                    RUN false
                    FROM base
                    COPY --from=1 /out/ /taken/
                    COPY tree /tree/
                    COPY tr*e/a/*.txt one.txt
                    RUN rm -r /taken/deep && mkdir /taken/deep && touch /taken/deep/new
                    ENTRYPOINT ["sh"]
                    LABEL of="a test" "two words"=2
                    EXPOSE 80 53/udp
                    HEALTHCHECK CMD true
                    """)
            .orFail();
    assertThat(said.err()).contains("HEALTHCHECK has no effect").doesNotContain("RUN false");
    assertThat(context.inside("ls /taken/deep; readlink /taken/link; cat /tree/a/b.txt /one.txt"))
        .isEqualTo("new\ndeep/file\nbb");
    assertThat(context.inside("ls /tree")).isEqualTo("a\n");
    assertThat(
            context.cli().run(temp, "--json", "images", "inspect", "localhost/made").orFail().out())
        .contains("\"entrypoint\":[\"sh\"]", "\"command\":[]");
  }

  @Test
  void withATimeGivenTheSameStepsGiveTheSameImageWherever() throws Exception {
    var dockerfile = BASE + "RUN echo x >/b; echo y >/a; ln /a /c; date >/dev/null\n";
    var epoch = "SOURCE_DATE_EPOCH=1700000000";
    Files.setLastModifiedTime(
        context.directory().resolve("busybox"), java.nio.file.attribute.FileTime.fromMillis(0));
    var first = context.build(dockerfile, "--build-arg", epoch).orFail().out();
    var second = context.build(dockerfile, "--build-arg", epoch, "--no-cache").orFail().out();
    assertThat(first).startsWith("sha256:").isEqualTo(second);
    assertThat(context.inside("stat -c %h /a; cat /c")).isEqualTo("2\ny\n");
  }

  @Test
  void whatIsForgottenIsCollectedAndMadeAnew() throws Exception {
    context.build(BASE + "RUN echo x >/x\n").orFail();
    context.cli().run(temp, "images", "rm", "localhost/made").orFail();
    assertThat(temp.resolve("home/images/blobs")).isEmptyDirectory();
    assertThat(context.build(BASE + "RUN echo x >/x\n").orFail().err())
        .contains("step       RUN echo x")
        .doesNotContain("as before");
    assertThat(context.inside("cat /x")).isEqualTo("x\n");
  }

  @Test
  void aDevcontainerBecomesAnImage() throws Exception {
    context.write("base/Dockerfile", BASE + "ARG V\nRUN echo $V >/v\n");
    context.write(
        ".devcontainer/devcontainer.json",
        """
        {
          // what the editor is told
          "build": {"dockerfile": "../base/Dockerfile", "context": "..", "args": {"V": "7"}},
          "containerEnv": {"MODE": "dev"},
          "remoteUser": "app",
          "postCreateCommand": "id -u >/tmp/made; echo $MODE >>/tmp/made",
          "customizations": {},
        }
        """);
    var said = context.buildWhatIsThere().orFail();
    assertThat(said.err()).contains("`customizations` has no effect");
    assertThat(context.inside("id -u; cat /v; echo $MODE")).isEqualTo("4711\n7\ndev\n");
  }
}
