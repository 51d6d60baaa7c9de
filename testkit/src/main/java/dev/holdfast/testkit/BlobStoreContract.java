package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.run.BlobId;
import dev.holdfast.run.BlobStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What every {@link BlobStore} does. */
public abstract class BlobStoreContract {
  /** A store over the test's data; a second call gives another one over the same data. */
  protected abstract BlobStore open();

  @Test
  void namesAPayloadByItsSha256() {
    assertThat(open().put("abc".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(new BlobId("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  }

  @Test
  void givesBackWhatWasPutWhateverItsSize() {
    var store = open();
    for (int size : new int[] {0, 1, 4095, 65_536, 65_537, 3_000_000}) {
      byte[] bytes = random(size);
      assertThat(store.get(store.put(bytes))).as("size %d", size).isEqualTo(bytes);
    }
  }

  @Test
  void storesTheSamePayloadOnce() {
    var store = open();
    byte[] bytes = random(100);
    assertThat(store.put(bytes)).isEqualTo(store.put(bytes.clone()));
    assertThat(open().put(bytes)).isEqualTo(store.put(bytes));
  }

  @Test
  void isNotChangedThroughTheArrayThatWasPutOrGot() {
    var store = open();
    byte[] bytes = {1, 2, 3};
    var id = store.put(bytes);
    bytes[0] = 9;
    assertThat(store.get(id)).containsExactly(1, 2, 3);
    store.get(id)[0] = 9;
    assertThat(store.get(id)).containsExactly(1, 2, 3);
  }

  @Test
  void saysThatAPayloadIsNotStored() {
    var missing = new BlobId("0".repeat(64));
    var store = open();
    assertThatThrownBy(() -> store.get(missing))
        .isInstanceOf(NoSuchElementException.class)
        .hasMessageContaining(missing.value());
  }

  @Test
  void takesTheSamePayloadsFromManyThreadsAtOnce() throws Exception {
    var store = open();
    var tasks = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < 64; i++) {
      byte[] bytes = random(i % 4 * 40_000 + 10);
      tasks.add(() -> java.util.Arrays.equals(store.get(store.put(bytes)), bytes));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var answer : threads.invokeAll(tasks)) {
        assertThat(answer.get()).isTrue();
      }
    }
  }

  @Test
  void keepsAnInterruptForTheCallerAndStoresAllTheSame() {
    var store = open();
    byte[] bytes = random(70_000);
    Thread.currentThread().interrupt();
    var id = store.put(bytes);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(store.get(id)).isEqualTo(bytes);
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
