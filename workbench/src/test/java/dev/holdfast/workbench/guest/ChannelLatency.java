package dev.holdfast.workbench.guest;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * What a call costs beyond a fork and an exec: {@code true} over the channel, beside {@code true}
 * through a pipe to a shell under the same conditions, in turns. Prints medians in microseconds.
 */
public final class ChannelLatency {
  private static final int WARM_UP = 2000;
  private static final int ROUNDS = 20;
  private static final int CALLS = 100;

  private interface Call {
    void run() throws Exception;
  }

  private ChannelLatency() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    try (RealGuest real = RealGuest.start();
        Shell shell = new Shell()) {
      ExecSpec spec = ExecSpec.of(List.of("/bin/true"), Caps.DEFAULT).withDirectory("/");
      Call channel = () -> real.guest.exec(spec);
      Call virtual = () -> Thread.ofVirtual().start(() -> real.guest.exec(spec)).join();
      Call ping = real.guest::alive;
      Call stat = () -> real.guest.files().stat("nothing");
      Call floor = shell::runTrue;
      Call[] calls = {floor, channel, virtual, ping, stat};
      String[] names = {"pipe to a shell", "channel", "channel, virtual thread", "ping", "stat"};
      var times = new long[calls.length][ROUNDS * CALLS];
      for (Call call : calls) {
        measure(call, new long[WARM_UP], 0, WARM_UP);
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < calls.length; i++) {
          measure(calls[i], times[i], round * CALLS, CALLS);
        }
      }
      for (int i = 0; i < calls.length; i++) {
        print(names[i], times[i]);
      }
    }
  }

  private static void measure(Call call, long[] into, int from, int count) throws Exception {
    for (int i = from; i < from + count; i++) {
      long begin = System.nanoTime();
      call.run();
      into[i] = System.nanoTime() - begin;
    }
  }

  private static void print(String name, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        "%-24s p50 %6.0f us  p90 %6.0f us  p99 %6.0f us  n %d%n",
        name,
        nanos[nanos.length / 2] / 1e3,
        nanos[nanos.length * 9 / 10] / 1e3,
        nanos[nanos.length * 99 / 100] / 1e3,
        nanos.length);
  }

  /** The floor: a shell that reads commands from a pipe. */
  private static final class Shell implements AutoCloseable {
    private static final byte[] COMMAND = Frames.utf8("/bin/true; echo\n");
    private final Process process;

    Shell() throws IOException {
      process =
          new ProcessBuilder("setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "sh")
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    }

    void runTrue() throws IOException {
      process.getOutputStream().write(COMMAND);
      process.getOutputStream().flush();
      if (process.getInputStream().read() != '\n') {
        throw new IOException("the shell is gone");
      }
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
