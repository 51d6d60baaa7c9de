package dev.holdfast.workbench.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lease.Lease;
import dev.holdfast.lease.Owner;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReaperTest {
  @TempDir Path home;

  private static Owner dead() {
    Owner self = Processes.self();
    return new Owner(self.pid(), self.startTicks() - 1, self.bootId(), self.pidNamespace());
  }

  @Test
  void endsEverythingOfADeadOwnerAndNothingOfALivingOne() throws Exception {
    try (OciEngine engine = OciEngine.open(home)) {
      WorkbenchId orphan = engine.create(WorkbenchSpec.empty(Caps.DEFAULT)).id();
      var kept = engine.create(WorkbenchSpec.empty(Caps.DEFAULT));
      Layout layout = Layout.in(home);
      new LeaseStore(layout.leases()).write(new Lease(orphan.value(), dead(), List.of()));

      Reaper.Report report = Reaper.of(home).reapDead();

      assertThat(report.ended()).containsExactly(orphan.value());
      assertThat(report.failed()).isEmpty();
      assertThat(Cgroups.ofHost().directories(orphan)).noneMatch(Files::exists);
      assertThat(layout.run(orphan)).doesNotExist();
      assertThat(layout.runtime(orphan)).doesNotExist();
      assertThat(kept.alive()).isTrue();
    }
  }

  @Test
  void endsAWorkbenchWhoseLeaseIsTorn() throws Exception {
    Layout layout = Layout.in(home);
    Files.writeString(layout.leases().resolve("w-torn.json"), "{\"na");
    Files.createDirectory(layout.run(new WorkbenchId("w-torn")));

    assertThat(Reaper.of(home).reapDead().ended()).containsExactly("w-torn");

    assertThat(layout.run(new WorkbenchId("w-torn"))).doesNotExist();
    assertThat(layout.leases().resolve("w-torn.json")).doesNotExist();
  }

  /** What the deletion of a state directory leaves behind. */
  @Test
  void removesEmptyGroupsThatNoLeaseTellsOfOnceTheyAreOld() throws Exception {
    WorkbenchId old = WorkbenchId.random();
    WorkbenchId young = WorkbenchId.random();
    WorkbenchId used = WorkbenchId.random();
    Process inside = new ProcessBuilder("sleep", "60").start();
    try {
      makeGroups(old, Instant.now().minusSeconds(120));
      makeGroups(young, Instant.now());
      makeGroups(used, Instant.now().minusSeconds(120));
      Path group = Cgroups.ofHost().directories(used).getLast();
      Files.writeString(group.resolve("cgroup.procs"), Long.toString(inside.pid()));

      Reaper.of(home).reapDead();

      assertThat(Cgroups.ofHost().directories(old)).noneMatch(Files::exists);
      assertThat(Cgroups.ofHost().directories(young)).allMatch(Files::exists);
      assertThat(Cgroups.ofHost().directories(used)).allMatch(Files::exists);
      assertThat(inside.isAlive()).isTrue();
    } finally {
      inside.destroyForcibly().waitFor();
      Cgroups.ofHost().end(young);
      Cgroups.ofHost().end(used);
    }
  }

  private static void makeGroups(WorkbenchId id, Instant made) throws IOException {
    for (Path group : Cgroups.ofHost().directories(id)) {
      Files.createDirectory(group);
      Files.setLastModifiedTime(group, FileTime.from(made));
    }
  }
}
