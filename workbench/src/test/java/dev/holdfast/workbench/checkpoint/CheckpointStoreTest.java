package dev.holdfast.workbench.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.WorkbenchCheckpoint;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is kept, and how much of it. */
@Timeout(60)
class CheckpointStoreTest {
  @TempDir Path home;

  private static WorkbenchCheckpoint save(CheckpointStore store, int bytes) throws IOException {
    try (var draft = store.begin()) {
      var facts = new Saved.Facts(Instant.now(), "kind", 7, Map.of("name", "näme\n"));
      var saved =
          new Saved(draft.directory(), WorkbenchId.random(), Layer.CONTAINER, Content.FILES, facts);
      Files.write(saved.files(), new byte[bytes]);
      saved.describe();
      return store.keep(draft);
    }
  }

  @Test
  void notesComeBackAndCountForTheDigest() throws IOException {
    var store = new CheckpointStore(home);
    var saved = save(store, 10);
    assertThat(store.list()).containsExactly(saved);
    assertThat(saved.notes()).containsOnly(Map.entry("name", "näme\n"));
    assertThat(store.verified(saved.id()).facts().lastStream()).isEqualTo(7);

    var about = saved.directory().resolve(Saved.ABOUT);
    Files.writeString(about, Files.readString(about).replace("näme", "other"));
    assertThatThrownBy(() -> store.verified(saved.id())).hasMessageContaining("has been changed");
    store.remove(saved.id());
    store.remove(saved.id());
    assertThat(store.list()).isEmpty();
  }

  @Test
  void aDamagedOneHidesNoOther() throws IOException {
    var store = new CheckpointStore(home);
    var damaged = save(store, 10);
    var whole = save(store, 10);
    Files.write(damaged.directory().resolve(Saved.ABOUT), new byte[0]);
    assertThat(store.list()).containsExactly(whole);
    assertThatThrownBy(() -> store.verified(damaged.id())).isInstanceOf(IOException.class);
  }

  @Test
  void oneThatIsRemovedWhileItIsRestoredSaysSo(@TempDir Path into) throws IOException {
    var saved = save(new CheckpointStore(home), 10240);
    var workbenches =
        new SavedWorkbenches(
            Layer.CONTAINER,
            home,
            Map.of(),
            spec -> {
              throw new AssertionError("made " + spec);
            },
            Optional.empty());
    assertThatThrownBy(
            () ->
                workbenches.fork(
                    saved.id(),
                    Content.FILES,
                    1,
                    files -> {
                      workbenches.remove(saved.id());
                      files.into(into);
                      return WorkbenchSpec.over(into, Caps.DEFAULT);
                    }))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("was removed while it was restored");
  }

  @Test
  void thereAreNotMoreAndTheyTakeNoMoreThanAllowed() throws IOException {
    var store = new CheckpointStore(home, 3, 1000);
    var first = save(store, 500);
    assertThatThrownBy(() -> save(store, 501))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining("no room for a checkpoint: 1 of at most 3")
        .hasMessageContaining("`holdfast workbench checkpoints rm`");
    save(store, 500);
    store.remove(first.id());
    save(store, 1);
    save(store, 1);
    assertThatThrownBy(() -> save(store, 0)).hasMessageContaining("3 of at most 3");
    assertThat(store.list()).hasSize(3);
    try (var there = Files.list(home.resolve("checkpoints"))) {
      assertThat(there).hasSize(4); // and the lock: nothing is left of what was refused
    }
  }
}
