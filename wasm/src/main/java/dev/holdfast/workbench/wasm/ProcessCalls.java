package dev.holdfast.workbench.wasm;

import com.dylibso.chicory.runtime.Memory;
import dev.holdfast.workbench.End;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** The calls about the program itself: arguments, environment, time, chance, waiting. */
final class ProcessCalls {
  static final List<SystemCall> ALL =
      List.of(
          new SystemCall("args_get", "ii", (p, m, w) -> texts(m, w, p.arguments())),
          new SystemCall("args_sizes_get", "ii", (p, m, w) -> sizes(m, w, p.arguments())),
          new SystemCall("environ_get", "ii", (p, m, w) -> texts(m, w, variables(p))),
          new SystemCall("environ_sizes_get", "ii", (p, m, w) -> sizes(m, w, variables(p))),
          new SystemCall(
              "clock_res_get",
              "ii",
              (p, m, w) -> m.writeLong(w.i(1), p.senses().resolution(w.i(0)))),
          new SystemCall(
              "clock_time_get", "ili", (p, m, w) -> m.writeLong(w.i(2), p.senses().now(w.i(0)))),
          new SystemCall("random_get", "ii", ProcessCalls::random),
          new SystemCall("sched_yield", "", (_, _, _) -> {}),
          new SystemCall("poll_oneoff", "iiii", ProcessCalls::poll));

  private static final int CHUNK = 4096;
  private static final int MOST_EVENTS = 256;
  private static final int SUBSCRIPTION = 48;
  private static final int EVENT = 32;
  private static final int CLOCK_EVENT = 0;
  private static final int LAST_EVENT = 2;
  private static final int ABSOLUTE = 1;

  private ProcessCalls() {}

  private static List<String> variables(Program program) {
    return program.env().entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .sorted()
        .toList();
  }

  private static void sizes(Memory memory, SystemCall.Words words, List<String> texts) {
    memory.writeI32(words.i(0), texts.size());
    memory.writeI32(words.i(1), texts.stream().mapToInt(text -> bytes(text).length).sum());
  }

  private static void texts(Memory memory, SystemCall.Words words, List<String> texts) {
    int pointer = words.i(0);
    int at = words.i(1);
    for (var text : texts) {
      var bytes = bytes(text);
      memory.writeI32(pointer, at);
      memory.write(at, bytes);
      pointer += Integer.BYTES;
      at += bytes.length;
    }
  }

  private static byte[] bytes(String text) {
    return (text + '\0').getBytes(StandardCharsets.UTF_8);
  }

  private static void random(Program program, Memory memory, SystemCall.Words words) {
    int at = words.i(0);
    if (words.i(1) < 0) {
      throw new WasiError(Errno.INVAL);
    }
    for (int left = words.i(1); left > 0; left -= CHUNK) {
      requireGoing();
      var chunk = new byte[Math.min(CHUNK, left)];
      program.senses().fill(chunk);
      memory.write(at, chunk);
      at += chunk.length;
    }
  }

  /**
   * Waits for the earliest of its clocks. Descriptors are always ready: files and outputs never
   * wait, and reading stdin may.
   */
  private static void poll(Program program, Memory memory, SystemCall.Words words) {
    int count = words.i(2);
    if (count < 1 || count > MOST_EVENTS) {
      throw new WasiError(Errno.INVAL);
    }
    var waits = new long[count];
    int ready = 0;
    for (int i = 0; i < count; i++) {
      int at = words.i(0) + i * SUBSCRIPTION;
      int kind = memory.read(at + 8);
      if (kind < CLOCK_EVENT || kind > LAST_EVENT) {
        throw new WasiError(Errno.INVAL);
      }
      waits[i] = kind == CLOCK_EVENT ? wait(program, memory, at) : Long.MAX_VALUE;
      if (kind != CLOCK_EVENT) {
        event(memory, words.i(1) + ready++ * EVENT, at, kind);
      }
    }
    if (ready == 0) {
      long earliest = Arrays.stream(waits).min().orElseThrow();
      sleep(program, earliest);
      for (int i = 0; i < count; i++) {
        if (waits[i] == earliest) {
          int at = words.i(0) + i * SUBSCRIPTION;
          event(memory, words.i(1) + ready++ * EVENT, at, CLOCK_EVENT);
        }
      }
    }
    memory.writeI32(words.i(3), ready);
  }

  private static long wait(Program program, Memory memory, int subscription) {
    int id = memory.readInt(subscription + 16);
    long timeout = memory.readLong(subscription + 24);
    boolean absolute = (memory.readShort(subscription + 40) & ABSOLUTE) != 0;
    long now = program.senses().now(id);
    // Unsigned in WASI: what is negative here is some hundred years.
    if (timeout < 0) {
      return Long.MAX_VALUE;
    }
    return absolute ? Math.max(0, timeout - now) : timeout;
  }

  private static void event(Memory memory, int at, int subscription, int kind) {
    memory.write(at, new byte[EVENT]);
    memory.writeLong(at, memory.readLong(subscription));
    memory.writeByte(at + 10, (byte) kind);
  }

  private static void sleep(Program program, long nanos) {
    try {
      program.senses().sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      requireGoing();
    }
  }

  /** Ends the program here when it is being stopped. */
  static void requireGoing() {
    if (Thread.currentThread().isInterrupted()) {
      throw new Halt(new End.WorkbenchLost("it was stopped"));
    }
  }
}
