package dev.holdfast.workspace.overlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class UnusedTreesTest {
  private static final Duration DAY = Duration.ofDays(1);

  @AutoClose private final Fixture fixture = Fixture.make();

  @Test
  void treesGoOnceNoWorkspaceNeedsThemAndNobodyUsedThemForLong() throws IOException {
    var kept = fixture.create();
    Path first = tree(kept.base().value());
    fixture.write("x.txt", "x\n");
    fixture.commit("more");
    var gone = fixture.create();
    Path second = tree(gone.base().value());
    fixture.workspaces.delete(gone.id());
    assertThat(fixture.workspaces.unused(DAY, List.of())).as("used just now").isEmpty();

    age();
    assertThat(fixture.workspaces.unused(DAY, List.of())).containsExactly(second);
    assertThat(fixture.workspaces.removeUnused(DAY, List.of())).containsExactly(second);
    assertThat(second).doesNotExist();
    assertThat(kept.tree().resolve("README.md")).hasContent("hello\n");

    var saved = kept.origin();
    fixture.workspaces.delete(kept.id());
    assertThat(fixture.workspaces.unused(DAY, List.of(saved))).as("a copy needs it").isEmpty();
    assertThat(fixture.workspaces.removeUnused(DAY, List.of())).hasSize(2).startsWith(first);
    assertThat(trees("bases")).isEmpty();
    assertThat(trees("repos")).isEmpty();
    assertThat(fixture.create().tree().resolve("x.txt")).hasContent("x\n");
  }

  @Test
  void whatIsUsedAgainIsNotOld() throws IOException {
    fixture.workspaces.delete(fixture.create().id());
    age();
    fixture.workspaces.delete(fixture.create().id());
    assertThat(fixture.workspaces.unused(DAY, List.of())).isEmpty();
  }

  @Test
  void lessThanADayIsRefusedAsSomebodyMayBeMakingAWorkspace() {
    assertThatThrownBy(() -> fixture.workspaces.removeUnused(DAY.minusSeconds(1), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Path tree(String commit) throws IOException {
    return trees("bases").stream()
        .filter(tree -> tree.toString().endsWith(commit))
        .findFirst()
        .orElseThrow();
  }

  private List<Path> trees(String part) throws IOException {
    try (var found = Files.list(fixture.state.resolve(part))) {
      return found.toList();
    }
  }

  private void age() throws IOException {
    for (String part : List.of("bases", "repos")) {
      for (Path tree : trees(part)) {
        Files.setLastModifiedTime(tree, FileTime.from(Instant.now().minus(DAY.multipliedBy(2))));
      }
    }
  }
}
