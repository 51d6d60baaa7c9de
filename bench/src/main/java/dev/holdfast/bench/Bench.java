package dev.holdfast.bench;

import dev.holdfast.workbench.Layer;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code holdfast bench}: lists the rows, or measures those named. */
public final class Bench {
  private static final List<Row> ROWS =
      List.of(
          new LiveCallRow(),
          new ColdWorkbenchRow(),
          PoolClaimRow.ofContainers(),
          PoolClaimRow.ofGvisor(),
          new DensityRow(),
          new GvisorRow(GvisorRow.Step.LIVE),
          new GvisorRow(GvisorRow.Step.COLD),
          new SavedWorkbenchRow(SavedWorkbenchRow.Step.CHECKPOINT),
          new SavedWorkbenchRow(SavedWorkbenchRow.Step.RESTORE),
          new MicrovmRestoreRow(),
          PoolClaimRow.ofMicrovms(),
          new MicrovmForkRow(),
          new MicrovmMemoryRow(MicrovmMemoryRow.Step.CHECKPOINT),
          new MicrovmMemoryRow(MicrovmMemoryRow.Step.RESTORE),
          new MicrovmLiveCallRow(),
          new WorkRow(Layer.CONTAINER, 1.5),
          new WorkRow(Layer.GVISOR, 10),
          new WorkRow(Layer.MICROVM, 20),
          new WorkspaceRow(WorkspaceRow.Step.CREATE),
          new WorkspaceRow(WorkspaceRow.Step.CHANGED),
          new WorkspaceRow(WorkspaceRow.Step.DESTROY),
          new GateThroughputRow(),
          new AppendRow(),
          new WasmCallRow());
  private static final int OK = 0;
  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private Bench() {}

  /**
   * Runs the command.
   *
   * @param args names of rows (or {@code all}), {@code --json}, {@code --n NUMBER}; none lists the
   *     rows
   * @return 0 when everything asked for was measured, 1 when something could not be, 2 for wrong
   *     arguments; whether promises are met does not change it
   */
  public static int run(List<String> args, PrintStream out, PrintStream err) {
    return run(args, home(), out, err);
  }

  /** The same, with the files of the measurements below {@code home}. */
  static int run(List<String> args, Path home, PrintStream out, PrintStream err) {
    Request request;
    try {
      request = Request.parse(args, ROWS);
    } catch (IllegalArgumentException e) {
      err.println("bench: " + e.getMessage());
      return USAGE;
    }
    if (request.rows().isEmpty()) {
      ROWS.forEach(row -> out.println("%-18s %s".formatted(row.name(), row.about())));
      return OK;
    }
    var printer = new Printer(out, request.json());
    boolean complete = true;
    for (var row : request.rows()) {
      var result = measure(row, home, request.rounds(), err);
      result.ifPresent(printer::print);
      complete &= result.isPresent();
    }
    return complete ? OK : FAILED;
  }

  private static Optional<Result> measure(Row row, Path home, OptionalInt rounds, PrintStream err) {
    var ends = new Ends(err);
    // Ctrl-C: the hook ends what the row started while the row's thread is stopped by the exit.
    var hook = new Thread(ends::close, "bench-ends");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
      err.println("bench: measuring " + row.name());
      return Optional.of(row.measure(new Setting(home, rounds, ends, err)));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      err.println("bench: %s was interrupted".formatted(row.name()));
      return Optional.empty();
    } catch (Exception e) {
      err.println("bench: %s cannot be measured: %s".formatted(row.name(), e.getMessage()));
      return Optional.empty();
    } finally {
      ends.close();
      remove(hook);
    }
  }

  private static void remove(Thread hook) {
    try {
      var _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The process is stopping: the hook runs, or has run.
    }
  }

  private static Path home() {
    var set = System.getenv("HOLDFAST_HOME");
    return set == null || set.isEmpty()
        ? Path.of(
            System.getenv().getOrDefault("HOME", System.getProperty("user.home")), ".holdfast")
        : Path.of(set).toAbsolutePath();
  }

  /** What was asked for. */
  private record Request(List<Row> rows, boolean json, OptionalInt rounds) {
    static Request parse(List<String> args, List<Row> known) {
      var rows = new ArrayList<Row>();
      boolean json = false;
      var rounds = OptionalInt.empty();
      for (int i = 0; i < args.size(); i++) {
        var arg = args.get(i);
        switch (arg) {
          case "--json" -> json = true;
          case "--n" -> rounds = OptionalInt.of(rounds(i + 1 < args.size() ? args.get(++i) : ""));
          case "all" -> rows.addAll(known);
          default -> rows.add(row(arg, known));
        }
      }
      return new Request(rows, json, rounds);
    }

    private static int rounds(String text) {
      if (!text.matches("[1-9][0-9]{0,6}")) {
        throw new IllegalArgumentException(
            "`--n %s` is not allowed: it takes a number of rounds from 1".formatted(text));
      }
      return Integer.parseInt(text);
    }

    private static Row row(String name, List<Row> known) {
      return known.stream()
          .filter(row -> row.name().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "row `%s` is not known: there are %s"
                          .formatted(
                              name, String.join(", ", known.stream().map(Row::name).toList()))));
    }
  }
}
