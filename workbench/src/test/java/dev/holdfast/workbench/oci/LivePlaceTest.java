package dev.holdfast.workbench.oci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.files.HostFiles;
import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.WorkbenchSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LivePlaceTest {
  private static final int ENGINES = 4;
  private static final int ROUNDS = 50;

  @TempDir Path home;

  @AfterEach
  void tidy() throws Exception {
    for (Layout layout : Layout.allIn(home)) {
      layout.removeIfEmpty();
    }
  }

  @Test
  void isTheSameForEveryNameOfAStateDirectoryAndAnotherForAnother() throws Exception {
    Path link = Files.createSymbolicLink(home.resolve("link"), home);

    assertThat(LivePlace.of(link)).isIn(LivePlace.of(home), link);
    Path other = LivePlace.of(Files.createDirectory(home.resolve("other")));
    assertThat(other).isNotEqualTo(LivePlace.of(home));
    Files.deleteIfExists(other);
  }

  @Test
  void isOpenToNobodyElse() {
    Layout layout = Layout.in(home);
    for (Path place : new Path[] {layout.live(), layout.run(), layout.leases()}) {
      assertThat(place).satisfies(LivePlaceTest::isPrivate);
    }
  }

  private static void isPrivate(Path directory) throws Exception {
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
        .isEqualTo("rwx------");
  }

  @Test
  void isNotOneThatSomebodyElsePrepared() throws Exception {
    Path place = LivePlace.of(home);
    Files.delete(place);
    Files.createSymbolicLink(place, Files.createDirectory(home.resolve("trap")));
    try {
      assertThat(LivePlace.of(home)).isNotEqualTo(place);
      assertThat(LivePlace.allOf(home)).doesNotContain(place);
      assertThat(home.resolve("trap")).isEmptyDirectory();
    } finally {
      Files.delete(place);
    }
  }

  @Test
  void isGoneWithTheLastWorkbench() throws Exception {
    Path place;
    try (OciEngine engine = OciEngine.open(home)) {
      engine.create(WorkbenchSpec.empty(Caps.DEFAULT));
      place = LivePlace.of(home);
      assertThat(place.resolve("leases")).isNotEmptyDirectory();
    }
    assertThat(place).doesNotExist();
  }

  @Test
  void isRemovedByTheNextHoldfastWhenItsStateDirectoryIsGone() throws Exception {
    Path other = Files.createDirectory(home.resolve("other"));
    Path place = Layout.in(other).live();
    HostFiles.delete(other);

    Reaper.of(home).reapDead();

    assertThat(place).doesNotExist();
  }

  @Test
  void mayBeTidiedWhileOthersClaimWorkbenches() throws Exception {
    try (var threads = Executors.newFixedThreadPool(ENGINES)) {
      var all =
          IntStream.range(0, ENGINES).mapToObj(_ -> threads.submit(this::claimEndAndTidy)).toList();
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertThat(LivePlace.of(home).resolve("leases")).doesNotExist();
  }

  private Object claimEndAndTidy() throws Exception {
    Layout layout = Layout.in(home);
    var container = new Container(layout, Cgroups.ofHost());
    for (int i = 0; i < ROUNDS; i++) {
      WorkbenchSpec spec = WorkbenchSpec.empty(Caps.DEFAULT);
      container.claim(spec.id());
      assertThat(layout.run(spec.id())).isDirectory();
      assertThat(new LeaseStore(layout.leases()).read(spec.id().value())).isPresent();
      container.end(spec.id());
      container.tidy();
    }
    return layout;
  }
}
