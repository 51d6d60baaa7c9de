package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.CheckpointId;
import dev.holdfast.workspace.Workspace;
import dev.holdfast.workspace.WorkspaceId;
import dev.holdfast.workspace.WorkspaceSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures workspaces on a large repository. Arguments: the repository, a state directory, how many
 * rounds.
 */
final class WorkspaceMeasurement {
  private WorkspaceMeasurement() {}

  private interface Step<T> {
    T run() throws IOException;
  }

  public static void main(String[] args) throws IOException {
    var workspaces = new OverlayWorkspaces(Path.of(args[1]), Fixture.OWNER);
    int rounds = Integer.parseInt(args[2]);
    time("first create (checks the base out)", () -> workspaces.create(spec(args[0]))).close();
    var creates = new ArrayList<Long>();
    var destroys = new ArrayList<Long>();
    var changes = new ArrayList<Long>();
    var checkpoints = new ArrayList<Long>();
    var rollbacks = new ArrayList<Long>();
    for (int i = 0; i < rounds; i++) {
      Workspace workspace = record(creates, () -> workspaces.create(spec(args[0])));
      Fixture.sh(
          workspace.tree(),
          "for i in 10 11 12 13 14 15 16 17 18 19; do echo x >> m05/pkg0$i/src/File0$i.java; done");
      record(changes, workspace::change);
      record(checkpoints, () -> workspace.checkpoint("ten"));
      record(
          rollbacks,
          () -> {
            workspace.rollback(new CheckpointId(0));
            return true;
          });
      record(
          destroys,
          () -> {
            workspaces.delete(workspace.id());
            return true;
          });
    }
    print("create", creates);
    print("change, 10 files", changes);
    print("checkpoint", checkpoints);
    print("rollback", rollbacks);
    print("destroy", destroys);
    for (WorkspaceId id : workspaces.list()) {
      workspaces.delete(id);
    }
  }

  private static WorkspaceSpec spec(String repository) {
    return new WorkspaceSpec(
        WorkspaceId.random(), repository, "HEAD", "holdfast/r-bench", false, 1L << 30);
  }

  private static <T> T record(List<Long> times, Step<T> step) throws IOException {
    long start = System.nanoTime();
    T result = step.run();
    times.add(System.nanoTime() - start);
    return result;
  }

  private static <T> T time(String what, Step<T> step) throws IOException {
    var times = new ArrayList<Long>();
    T result = record(times, step);
    print(what, times);
    return result;
  }

  private static void print(String what, List<Long> times) {
    long[] sorted = times.stream().mapToLong(Long::longValue).sorted().toArray();
    System.out.printf(
        "%-40s p50 %.1f ms, worst %.1f ms, n %d%n",
        what,
        sorted[sorted.length / 2] / 1e6,
        Arrays.stream(sorted).max().orElseThrow() / 1e6,
        sorted.length);
  }
}
