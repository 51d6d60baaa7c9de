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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dockerfiles and contexts that want more than an image. */
@Timeout(300)
class HostileBuildTest {
  @TempDir Path temp;
  private BuildContext context = new BuildContext(Path.of("/"), new Cli(Path.of("/")));
  private Path bait = Path.of("/");

  @BeforeEach
  void layOutTheBait() throws Exception {
    context = BuildContext.in(temp);
    bait = Files.createDirectory(temp.resolve("bait"));
    Files.writeString(bait.resolve("secret"), "bait");
  }

  @AfterEach
  void theBaitIsUntouchedAndNothingIsLeft() throws Exception {
    assertThat(bait.toFile().list()).containsExactly("secret");
    assertThat(bait.resolve("secret")).hasContent("bait");
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(temp.toString());
    if (Files.exists(temp.resolve("home/scratch"))) {
      assertThat(temp.resolve("home/scratch")).isEmptyDirectory();
    }
  }

  private String refused(String dockerfile, String... options) throws Exception {
    var said = context.build(dockerfile, options);
    assertThat(said.code()).isEqualTo(1);
    return said.err();
  }

  @ParameterizedTest
  @CsvSource({
    "../bait/secret, `..` could lead out",
    "a/../../bait/secret, `..` could lead out",
    "out/secret, leads out",
    "absolute, leads out",
    "o*t/secret, leads out",
  })
  void nothingOutsideTheContextIsCopied(String source, String message) throws Exception {
    Files.createSymbolicLink(context.directory().resolve("out"), Path.of("../bait"));
    Files.createSymbolicLink(context.directory().resolve("absolute"), bait.resolve("secret"));
    assertThat(refused("FROM scratch\nCOPY " + source + " /x\n"))
        .contains("Dockerfile:2: COPY: ", message)
        .doesNotContain("bait\n");
  }

  @Test
  void aLinkInACopiedDirectoryStaysALink() throws Exception {
    context.write("tree/file", "x");
    Files.createSymbolicLink(context.directory().resolve("tree/link"), bait.resolve("secret"));
    context.build(BASE + "COPY tree /tree\n").orFail();
    assertThat(context.inside("readlink /tree/link; cat /tree/link 2>&1 || true"))
        .startsWith(bait.resolve("secret") + "\n")
        .contains("No such file");
  }

  @Test
  void linksThatAStepPlantsAreFollowedInsideTheImageOnly() throws Exception {
    context.write("file", "copied");
    context
        .build(
            BASE
                + """
                RUN rm -r /etc && ln -s / /etc && ln -s %1$s /away && ln -s ../../../../.. /up
                COPY file /etc/file
                COPY file /away/file
                COPY file /up/second
                WORKDIR /away/deeper
                FROM base
                RUN ln -s %1$s/secret /theirs && ln -s /etc/passwd /ours
                FROM base
                COPY --from=1 /file /second /taken/
                COPY --from=1 /away/file /taken/third
                COPY --from=2 /ours /taken/ours
                """
                    .formatted(bait))
        .orFail();
    assertThat(context.inside("cat /taken/file /taken/second /taken/third; grep -c . /taken/ours"))
        .isEqualTo("copiedcopiedcopied2\n");
    context
        .build(BASE + "RUN ln -s " + bait + "/secret /s\nFROM base\nCOPY --from=1 /s /x\n")
        .orFail();
    assertThat(context.inside("cat /x 2>&1 || true")).contains("No such file");
  }

  @Test
  void whatIsNoFileAndWhatGivesRightsIsLeftOut() throws Exception {
    var said =
        context
            .build(
                BASE
                    + """
                    RUN cp /bin/busybox /bin/mine && chmod 6755 /bin/mine && mkfifo /pipe && \\
                        printf x >"$(printf '/a\\nb')" && touch /run/x 2>/dev/null || true
                    """)
            .orFail();
    assertThat(said.err()).contains("1 devices, pipes or sockets left out");
    assertThat(context.inside("stat -c %a /bin/mine; ls /pipe 2>&1 || true; cat /a?b"))
        .startsWith("755\n")
        .contains("/pipe: No such file")
        .endsWith("x");
  }

  @Test
  void aNameThatMeansSomethingInALayerIsRefused() throws Exception {
    assertThat(refused(BASE + "RUN touch /etc/.wh.passwd\n")).contains("`.wh.` means");
    context.write(".wh.x", "");
    assertThat(refused("FROM scratch\nCOPY .wh.x /\n")).contains("`.wh.` means");
  }

  @Test
  void aStepThatNeverEndsIsEndedWithAllThatItStarted() throws Exception {
    var marker = "86399." + ProcessHandle.current().pid();
    assertThat(
            refused(
                BASE + "RUN (sleep " + marker + " &) ; while true; do :; done\n", "--time", "3s"))
        .contains("Dockerfile:13: RUN: it ran longer than 3 s");
    assertThat(ProcessHandle.allProcesses())
        .noneMatch(process -> process.info().commandLine().orElse("").contains(marker));
  }

  @Test
  void moreThanTheDiskHoldsIsAnErrorOfTheStep() throws Exception {
    assertThat(refused(BASE + "RUN dd if=/dev/zero of=/big bs=1M count=300\n", "--disk", "64M"))
        .contains("No space left on device", "RUN: it ended with status 1");
  }

  @Test
  void filesWithHolesCannotMakeALayerThatFillsTheHost() throws Exception {
    assertThat(
            refused(
                BASE + "RUN dd if=/dev/zero of=/big bs=1 count=1 seek=900000000\n",
                "--disk",
                "64M"))
        .contains("a step's files are larger than its disk");
  }

  @Test
  void aStepThatLooksForTheNetworkIsToldThatThereIsNone() throws Exception {
    assertThat(refused(BASE + "RUN wget http://example.org/\n"))
        .contains("it ended with status 1; steps have no network");
  }

  @Test
  void aDevcontainerTakesNothingFromOutside() throws Exception {
    context.write("base/Dockerfile", "FROM scratch\nCOPY secret /\n");
    context.write(
        ".devcontainer/devcontainer.json",
        "{\"build\": {\"dockerfile\": \"../base/Dockerfile\", \"context\": \"../../bait\"}}");
    var said = context.buildWhatIsThere();
    assertThat(said.code()).isEqualTo(2);
    assertThat(said.err()).contains("it must be there and below");
  }
}
