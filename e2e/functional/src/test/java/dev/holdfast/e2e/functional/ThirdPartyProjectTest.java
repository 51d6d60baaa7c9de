package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A defect in somebody else's project, with their own tests, fixed through {@code holdfast run}.
 */
class ThirdPartyProjectTest {
  private static final String RIGHT = "item[key] = [value, data]";
  private static final String WRONG = "item[key] = [data]";

  @TempDir Path temp;

  @Test
  void aPlantedDefectIsFixedAndTheProjectsOwnTestsPassAgain() throws Exception {
    var project = xmltodict();
    var module = project.resolve("xmltodict.py");
    Files.writeString(module, Files.readString(module).replace(RIGHT, WRONG));
    Cli.commitAll(project);
    assertThat(ownTests(project)).isNotZero();

    var cli = new Cli(temp.resolve("home"));
    var said =
        cli.run(
            project,
            "run",
            "--task",
            "Parsing an element that occurs twice keeps only the second one. Fix it.",
            "--model",
            "script:" + script("xmltodict.yaml"),
            "--yes");
    said.orFail();

    assertThat(Cli.host(project, "git", "status", "--porcelain")).isEmpty();
    var branch = Cli.host(project, "git", "branch", "--list", "holdfast/*").strip();
    assertThat(branch).startsWith("holdfast/r-");
    Cli.host(project, "git", "checkout", "-q", branch);
    assertThat(ownTests(project)).isZero();
    assertThat(Cli.host(project, "git", "show", "--stat", "--format=%B"))
        .contains("On-Behalf-Of: ada", "1 file changed, 1 insertion(+), 1 deletion(-)");
  }

  private static int ownTests(Path project) throws IOException, InterruptedException {
    return new ProcessBuilder("/usr/bin/python3", "-m", "unittest", "discover", "-s", "tests")
        .directory(project.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  /** Unpacks the project from Debian's source package. */
  private Path xmltodict() throws IOException, InterruptedException {
    var directory = Files.createDirectories(temp.resolve("source"));
    var script = Path.of("src/test/resources/fetch-source").toAbsolutePath();
    Cli.host(
        directory, "sh", script.toString(), "python-xmltodict", temp.resolve("apt").toString());
    return directory.resolve("project");
  }

  static Path script(String name) {
    return Path.of("src/test/resources/scripts", name).toAbsolutePath();
  }
}
