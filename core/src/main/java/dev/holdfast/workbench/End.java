package dev.holdfast.workbench;

import java.time.Duration;

/** How an execution ended. */
public sealed interface End {
  /** The program ended by itself with {@code code}, 0 to 255. */
  record Exited(int code) implements End {}

  /** A signal that Holdfast did not send ended it. */
  record Signalled(int signal) implements End {}

  /** It was killed because it ran longer than {@code limit}. */
  record TimedOut(Duration limit) implements End {}

  /** It was killed because it wrote more than {@code limitBytes} of output. */
  record OutputExceeded(long limitBytes) implements End {}

  /** The kernel killed it because the workbench reached its memory cap. */
  record OutOfMemory(long limitBytes) implements End {}

  /** It did what its machine cannot do, and was stopped there: a WebAssembly trap. */
  record Trapped(String reason) implements End {}

  /** The program could not be started: {@code reason} says why, for a reader who wrote the argv. */
  record NotStarted(String reason) implements End {}

  /** The workbench went away while it ran. */
  record WorkbenchLost(String reason) implements End {}
}
