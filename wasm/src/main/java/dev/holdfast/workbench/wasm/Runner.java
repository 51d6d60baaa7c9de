package dev.holdfast.workbench.wasm;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.UninstantiableException;
import com.dylibso.chicory.wasm.UnlinkableException;
import com.dylibso.chicory.wasm.types.MemoryLimits;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.FunctionModule;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs programs, so many at once. Nothing that the engine throws gets past here. Thread-safe. */
final class Runner {
  /** At once: what one may take of the heap is bounded, so all together are. */
  private static final int MOST_AT_ONCE = 16;

  private static final int PAGE = 1 << 16;
  private static final int MOST_REASON = 300;

  private final Modules modules = new Modules();
  private final Semaphore places = new Semaphore(MOST_AT_ONCE, true);
  private final Set<Running> strays = ConcurrentHashMap.newKeySet();

  /**
   * Starts a program; compiling it counts as its time.
   *
   * @param over called when it has ended
   * @throws ModuleRefused when there is no place for it
   */
  Running start(
      FunctionModule module, Program program, long memoryBytes, Duration limit, Runnable over) {
    strays.removeIf(Running::stopped);
    if (!strays.isEmpty()) {
      throw new ModuleRefused(
          "an earlier program did not stop when it was told to: none is started before it has");
    }
    if (!place(limit)) {
      throw new ModuleRefused(
          "`%d` programs run already, which are all that may".formatted(MOST_AT_ONCE));
    }
    return Running.start(
        () -> run(module, program, memoryBytes),
        limit,
        running -> {
          if (running.stopped()) {
            program.descriptors().closeAll();
          } else {
            strays.add(running);
          }
          places.release();
          over.run();
        });
  }

  private boolean place(Duration most) {
    try {
      return places.tryAcquire(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Running.Result run(FunctionModule module, Program program, long memoryBytes) {
    Compiled compiled;
    try {
      compiled = modules.compiled(module);
    } catch (ModuleRefused refused) {
      return notStarted(module, String.valueOf(refused.getMessage()));
    } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError unusable) {
      return notStarted(module, "it is not valid: " + reason(unusable));
    }
    if ((long) compiled.initialPages() * PAGE > memoryBytes) {
      return result(new End.OutOfMemory(memoryBytes), null);
    }
    return run(module, compiled, program, memoryBytes);
  }

  private static Running.Result run(
      FunctionModule module, Compiled compiled, Program program, long memoryBytes) {
    var memory = new Slot();
    End end;
    try {
      start(compiled, program, memoryBytes, memory);
      end = new End.Exited(0);
    } catch (Halt halt) {
      end = halt.end();
    } catch (ModuleRefused refused) {
      return notStarted(module, String.valueOf(refused.getMessage()));
    } catch (UnlinkableException | UninstantiableException unusable) {
      return notStarted(module, "it cannot be set up: " + reason(unusable));
    } catch (StackOverflowError deep) {
      end = new End.Trapped("call stack exhausted");
    } catch (OutOfMemoryError full) {
      end = new End.OutOfMemory(memoryBytes);
    } catch (RuntimeException | LinkageError trap) {
      end = new End.Trapped(reason(trap));
    }
    var guarded = memory.taken;
    boolean starved = end instanceof End.Trapped && guarded != null && guarded.refused();
    return result(starved ? new End.OutOfMemory(memoryBytes) : end, guarded);
  }

  /** The memory of an instance, known before the instance is. */
  private static final class Slot {
    private @Nullable GuardedMemory taken;
  }

  private static void start(Compiled compiled, Program program, long memoryBytes, Slot memory) {
    int most = (int) (memoryBytes / PAGE);
    Instance.builder(compiled.module())
        .withImportValues(Wasi.imports(program))
        .withMachineFactory(compiled.machine())
        .withMemoryFactory(
            declared -> {
              int pages = Math.min(declared.maximumPages(), most);
              memory.taken = new GuardedMemory(new MemoryLimits(declared.initialPages(), pages));
              return memory.taken;
            })
        .withTableFactory(new Tables()::create)
        .withStart(false)
        .build()
        .export(Instance.START_FUNCTION_NAME)
        .apply();
  }

  private static Running.Result notStarted(FunctionModule module, String why) {
    return result(
        new End.NotStarted("module `%s` is not allowed: %s".formatted(module.name(), why)), null);
  }

  private static Running.Result result(End end, @Nullable GuardedMemory memory) {
    long bytes = memory == null ? 0 : (long) memory.pages() * PAGE;
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    return new Running.Result(end, Duration.ofNanos(Math.max(0, cpu)), bytes);
  }

  /** The engine's words for what went wrong, where they are meant for people. */
  private static String reason(Throwable thrown) {
    var message = thrown instanceof ChicoryException ? thrown.getMessage() : null;
    if (message == null) {
      return "the machine has no such operation";
    }
    var safe = message.replaceAll("\\p{Cntrl}", " ");
    return safe.length() > MOST_REASON ? safe.substring(0, MOST_REASON) + "…" : safe;
  }
}
