package dev.holdfast.workbench.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LaunchedGroupsTest {
  private static final String V2 = "cgroup2 none rw";

  private static String mount(String at, String fileSystem) {
    return "30 23 0:26 / /sys/fs/cgroup/%s rw shared:4 - %s".formatted(at, fileSystem);
  }

  private static Stream<String> v1(String... controllers) {
    return Stream.of(controllers).map(c -> mount(c, "cgroup none rw," + c));
  }

  private static final List<String> HYBRID =
      Stream.concat(
              v1("cpu,cpuacct", "memory", "pids", "devices", "freezer", "blkio", "cpuset"),
              Stream.of(mount("unified", V2)))
          .toList();

  @Test
  void areNotMadeWhereALimitIsKeptInVersionTwo() {
    assertThat(LaunchedGroups.on(Cgroups.parse(List.of(mount("", V2))))).isEmpty();
    assertThat(LaunchedGroups.on(Cgroups.parse(v1("memory", "pids", "cpu").toList()))).isEmpty();
  }

  @Test
  void everyLimitIsSetBeforeAnybodyIsInTheGroup() {
    WorkbenchSpec spec = WorkbenchSpec.empty(Caps.DEFAULT.withPids(77).withMemoryBytes(1 << 28));
    var plan = new LaunchPlan();

    LaunchedGroups.on(Cgroups.parse(HYBRID))
        .orElseThrow()
        .layOut(plan, spec.id(), spec.caps(), Optional.empty());

    List<String> steps = plan.steps();
    String group = "/holdfast-" + spec.id();
    assertSet(steps, "/sys/fs/cgroup/pids" + group + "/pids.max", "77");
    assertSet(steps, "/sys/fs/cgroup/memory" + group + "/memory.limit_in_bytes", "268435456");
    assertSet(steps, "/sys/fs/cgroup/cpu,cpuacct" + group + "/cpu.cfs_quota_us", "200000");
    assertSet(steps, "/sys/fs/cgroup/devices" + group + "/devices.deny", "a");
    assertThat(steps.lastIndexOf("set")).isLessThan(steps.indexOf("born"));
    assertThat(steps.lastIndexOf("set")).isLessThan(steps.indexOf("join"));
  }

  @Test
  void everyGroupThatIsMadeIsEnteredAndKnownToTheReaper() {
    WorkbenchSpec spec = WorkbenchSpec.empty(Caps.DEFAULT);
    Cgroups cgroups = Cgroups.parse(HYBRID);
    var plan = new LaunchPlan();

    LaunchedGroups.on(cgroups).orElseThrow().layOut(plan, spec.id(), spec.caps(), Optional.empty());

    List<String> made = targets(plan.steps(), "group");
    List<String> entered = targets(plan.steps(), "join");
    entered.addAll(targets(plan.steps(), "born"));
    assertThat(made).hasSize(6).containsExactlyInAnyOrderElementsOf(entered);
    assertThat(cgroups.directories(spec.id()).stream().map(Object::toString)).containsAll(made);
  }

  @Test
  void anOrdinaryUsersLieBelowTheGroupThatHeIsIn() {
    WorkbenchSpec spec = WorkbenchSpec.empty(Caps.DEFAULT.withPids(77).withMemoryBytes(1 << 28));
    String scope = "/user.slice/user-7.slice/run-1.scope";
    // Where version 2 limits, the user's own processes are in a leaf beside the workbenches.
    for (String own : List.of(scope, scope + "/" + OwnGroup.LEAF)) {
      Cgroups cgroups = Cgroups.parse(List.of(mount("", V2))).below(List.of("0::" + own));
      var plan = new LaunchPlan();

      new LaunchedGroups(cgroups).layOut(plan, spec.id(), spec.caps(), Optional.empty());

      String group = "/sys/fs/cgroup" + scope + "/holdfast-" + spec.id();
      assertThat(targets(plan.steps(), "group")).containsExactly(group);
      assertThat(targets(plan.steps(), "born")).containsExactly(group);
      assertSet(plan.steps(), group + "/memory.max", "268435456");
      assertSet(plan.steps(), group + "/pids.max", "77");
      assertSet(plan.steps(), group + "/cpu.max", "200000 100000");
    }
  }

  @Test
  void ofAnOrdinaryUserEachHierarchyHasItsOwn() {
    Cgroups cgroups =
        Cgroups.parse(HYBRID).below(List.of("4:memory:/ida", "2:cpu,cpuacct:/c/ida", "0::/u"));

    assertThat(cgroups.v1("memory")).hasValue(Path.of("/sys/fs/cgroup/memory/ida"));
    assertThat(cgroups.v1("cpu")).hasValue(Path.of("/sys/fs/cgroup/cpu,cpuacct/c/ida"));
    assertThat(cgroups.v2()).hasValue(Path.of("/sys/fs/cgroup/unified/u"));
    assertThat(cgroups.v1("pids")).isEmpty();
    assertThat(new OwnGroup(cgroups).problem())
        .hasValueSatisfying(p -> assertThat(p).contains("pids"));
  }

  @Test
  void noDeviceWithHardwareBehindItOpens() {
    var plan = new LaunchPlan();

    LaunchedGroups.on(Cgroups.parse(HYBRID))
        .orElseThrow()
        .layOut(plan, WorkbenchId.random(), Caps.DEFAULT, Optional.empty());

    assertThat(plan.steps())
        .filteredOn(step -> step.matches("[abc] .*"))
        .isNotEmpty()
        .allMatch(step -> step.matches("c (1:[35789]|5:[02]|136:\\*) rw"));
  }

  private static void assertSet(List<String> steps, String file, String value) {
    assertThat(steps).containsSubsequence("set", file, value);
  }

  private static List<String> targets(List<String> steps, String step) {
    var targets = new java.util.ArrayList<String>();
    for (int i = 0; i + 1 < steps.size(); i++) {
      if (steps.get(i).equals(step)) {
        targets.add(steps.get(i + 1));
      }
    }
    return targets;
  }
}
