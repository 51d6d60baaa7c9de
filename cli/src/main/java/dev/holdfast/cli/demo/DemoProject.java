package dev.holdfast.cli.demo;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;

/**
 * The demonstration's project, as a git repository of its own: a Python library that divides
 * amounts of money and loses cents, with tests that say so.
 *
 * @param repository its top level; on the branch {@code main}, one commit, nothing uncommitted
 * @param script what the scripted model answers, for {@code script:FILE}
 * @param task what the agent is asked
 */
public record DemoProject(Path repository, Path script, String task) {
  private static final String TASK =
      "Customers report that payment plans and discounts are off by a cent: the parts do not add"
          + " up to the whole. Find out why, fix it, and make the tests pass.";

  private static final List<String> FILES =
      List.of(
          "README.md",
          "ledger/__init__.py",
          "ledger/invoice.py",
          "ledger/money.py",
          "ledger/plan.py",
          "tests/__init__.py",
          "tests/test_invoice.py",
          "tests/test_money.py",
          "tests/test_plan.py");

  /** The same commit everywhere: nothing of the user's git configuration takes part. */
  private static final Map<String, String> GIT_ENV =
      Map.ofEntries(
          Map.entry("GIT_CONFIG_GLOBAL", "/dev/null"),
          Map.entry("GIT_CONFIG_NOSYSTEM", "1"),
          Map.entry("GIT_TEMPLATE_DIR", ""),
          Map.entry("GIT_AUTHOR_NAME", "Ledger"),
          Map.entry("GIT_AUTHOR_EMAIL", "ledger@example.com"),
          Map.entry("GIT_AUTHOR_DATE", "2026-01-05T09:00:00Z"),
          Map.entry("GIT_COMMITTER_NAME", "Ledger"),
          Map.entry("GIT_COMMITTER_EMAIL", "ledger@example.com"),
          Map.entry("GIT_COMMITTER_DATE", "2026-01-05T09:00:00Z"));

  private static final int GIT_SECONDS = 30;

  /**
   * Writes it below a directory, which may exist but must not hold one already.
   *
   * @throws CommandFailure when the repository is there already or git fails
   */
  public static DemoProject create(Path directory) throws IOException, InterruptedException {
    var repository = directory.toAbsolutePath().resolve("ledger");
    if (Files.exists(repository)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "`%s` is there already; the demo needs a fresh directory".formatted(repository));
    }
    for (var file : FILES) {
      write("ledger/" + file, repository.resolve(file));
    }
    var script = directory.toAbsolutePath().resolve("demo-model.yaml");
    write("demo-model.yaml", script);
    git(repository, "init", "--quiet", "--initial-branch=main");
    git(repository, "add", "--all");
    git(repository, "commit", "--quiet", "--message=Invoices, taxes and payment plans");
    return new DemoProject(repository, script, TASK);
  }

  private static void write(String resource, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    try (var content = DemoProject.class.getResourceAsStream(resource)) {
      if (content == null) {
        throw new NoSuchElementException("resource `%s` is missing".formatted(resource));
      }
      Files.write(file, content.readAllBytes());
    }
  }

  private static void git(Path repository, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("git", "-C", repository.toString()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
    builder.environment().putAll(GIT_ENV);
    // To a file, not a pipe: a pipe that nobody reads could fill while this waits.
    var output = Files.createTempFile("holdfast-git", ".txt");
    try {
      var process = builder.redirectOutput(output.toFile()).start();
      process.getOutputStream().close();
      if (!process.waitFor(GIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      if (process.waitFor() != 0) {
        throw new CommandFailure(
            ExitCode.FAILED,
            "`git %s` failed: %s"
                .formatted(arguments[0], Files.readString(output, StandardCharsets.UTF_8).strip()));
      }
    } finally {
      Files.delete(output);
    }
  }
}
