package dev.holdfast.workbench.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What programs leave behind, and what they try against the guest. */
@Timeout(60)
class ProcessesTest {
  private static final String DAEMON =
      """
      import os,time,sys
      def daemon(seconds):
        if os.fork(): return
        os.setsid()
        if os.fork(): os._exit(0)
        time.sleep(seconds); os._exit(0)
      """;
  @AutoClose private final RealGuest real = RealGuest.start();

  private static ExecSpec spec(String... argv) {
    return ExecSpec.of(List.of(argv), Caps.DEFAULT)
        .withDirectory("/")
        .withWallTime(Duration.ofSeconds(30));
  }

  private static ExecSpec python(String script) {
    return spec("python3", "-c", DAEMON + script);
  }

  /** The arguments of every living process inside, but the guest and the asking one. */
  private List<String> processes() {
    String script =
        """
        import os
        for p in os.listdir('/proc'):
          if p.isdigit() and int(p) not in (1, os.getpid()):
            words = open('/proc/%s/cmdline' % p).read().split(chr(0))
            if words[0]: print(words[0], repr(words[-2:]))
        """;
    return real.guest.exec(spec("python3", "-c", script)).stdoutText().lines().toList();
  }

  @Test
  void killsDaemonsThatAFinishedProgramLeft() {
    assertThat(real.guest.exec(python("daemon(100); daemon(100); sys.exit(5)")).end())
        .isEqualTo(new End.Exited(5));
    assertThat(
            real.guest.exec(spec("sh", "-c", "sleep 100 & nohup setsid sleep 101 & exit 0")).end())
        .isEqualTo(new End.Exited(0));
    assertThat(processes()).isEmpty();
  }

  @Test
  void killsOnlyWhatBelongsToTheFinishedProgram() {
    try (Execution other = real.guest.start(python("daemon(50); time.sleep(50)"))) {
      assertThat(real.guest.exec(python("daemon(100); time.sleep(0.2)")).succeeded()).isTrue();
      assertThat(processes()).as("the other program and its daemon").hasSize(2);
    }
    assertThat(processes()).isEmpty();
  }

  @Test
  void keepsBackgroundProgramsWhenAskedAndKillsThemAtTheEnd() {
    ExecSpec keep =
        python("daemon(70); print('up', flush=True)").withLeftovers(ExecSpec.Leftovers.KEEP);
    assertThat(real.guest.exec(keep).stdoutText()).isEqualTo("up\n");
    assertThat(real.guest.exec(python("daemon(100)")).succeeded()).isTrue();
    assertThat(processes()).as("the keeper and what it keeps").hasSize(2);
    real.guest.killAll();
    assertThat(processes()).isEmpty();
  }

  @Test
  void aKeptProgramMayGoOnWritingAfterItsCallHasEnded() {
    ExecSpec keep =
        spec("sh", "-c", "(sleep 0.3; seq 100000; touch /tmp/hf-wrote-$$; sleep 60) & echo $$")
            .withLeftovers(ExecSpec.Leftovers.KEEP);
    String shell = real.guest.exec(keep).stdoutText().strip();
    ExecResult seen =
        real.guest.exec(
            spec(
                "sh",
                "-c",
                "for i in $(seq 100); do [ -e /tmp/hf-wrote-"
                    + shell
                    + " ] && break; sleep 0.1; done;"
                    + " rm /tmp/hf-wrote-"
                    + shell));
    assertThat(seen.end()).isEqualTo(new End.Exited(0));
  }

  @Test
  void signalsAndTimesOutKeptProgramsToo() {
    ExecSpec keep = spec("sleep", "50").withLeftovers(ExecSpec.Leftovers.KEEP);
    try (Execution sleeper = real.guest.start(keep)) {
      sleeper.signal(15);
      assertThat(sleeper.await()).isEqualTo(new End.Signalled(15));
    }
    var limit = Duration.ofMillis(200);
    assertThat(real.guest.exec(keep.withWallTime(limit)).end()).isEqualTo(new End.TimedOut(limit));
    assertThat(real.guest.exec(spec("no-such").withLeftovers(ExecSpec.Leftovers.KEEP)).end())
        .isEqualTo(new End.NotStarted("cannot run `no-such`: No such file or directory"));
    assertThat(processes()).isEmpty();
  }

  @Test
  void endsLeftoversThatForkFasterThanTheyAreKilled() {
    String hopper = "n=os.fork()\nif n: os._exit(0)\nwhile True:\n if os.fork(): os._exit(0)";
    try (Execution other = real.guest.start(spec("sleep", "40"))) {
      assertThat(real.guest.exec(python(hopper)).end()).isEqualTo(new End.Exited(0));
    }
    assertThat(processes()).isEmpty();
  }

  @Test
  void killAllEndsEveryProgramAndTheGuestGoesOn() {
    try (Execution first = real.guest.start(spec("sleep", "40"));
        Execution second = real.guest.start(python("daemon(40); time.sleep(40)"))) {
      real.guest.killAll();
      assertThat(first.await()).isEqualTo(new End.Signalled(9));
      assertThat(second.await()).isEqualTo(new End.Signalled(9));
    }
    assertThat(processes()).isEmpty();
  }

  @Test
  void programsCannotTouchTheGuest() {
    String attack =
        """
        import ctypes
        c = ctypes.CDLL(None, use_errno=True)
        def opens(path, mode='rb'):
          try: open(path, mode).read(1); return True
          except OSError: return False
        print([p for p in ('mem', 'environ', 'maps', 'auxv', 'syscall', 'stack') if opens('/proc/1/' + p)])
        print(opens('/proc/1/mem', 'r+b'), opens('/proc/1/oom_score_adj', 'w'))
        try: print(os.listdir('/proc/1/fd'))
        except OSError as e: print(e.errno)
        print(c.ptrace(16, 1, 0, 0), c.ptrace(0x4206, 1, 0, 0))
        fd = os.pidfd_open(1); print(c.syscall(438, fd, 3, 0))
        b = ctypes.create_string_buffer(8)
        class V(ctypes.Structure): _fields_ = [('p', ctypes.c_void_p), ('n', ctypes.c_size_t)]
        v = V(ctypes.addressof(b), 8)
        print(c.process_vm_readv(1, ctypes.byref(v), 1, ctypes.byref(V(0x400000, 8)), 1, 0))
        for s in range(1, 65):
          try: os.kill(1, s)
          except OSError: pass
        c.tgkill(1, 1, 9)
        print(sorted(os.listdir('/proc/self/fd'))[:3])
        """;
    ExecResult result = real.guest.exec(python(attack));
    assertThat(result.stderrText()).isEmpty();
    assertThat(result.stdoutText())
        .isEqualTo("[]\nFalse False\n13\n-1 -1\n-1\n-1\n['0', '1', '2']\n");
    assertThat(real.guest.alive()).isTrue();
  }

  @Test
  void giveProgramsDefaultSignalsAndNoDescriptors() {
    ExecResult result =
        real.guest.exec(
            spec(
                "sh",
                "-c",
                "grep -E 'Sig(Blk|Ign)' /proc/self/status; ls /proc/self/fd | wc -l; ps -o pgid=,sid= $$ | tr -s ' '; echo $$"));
    assertThat(result.stdoutText().lines().toList().subList(0, 3))
        .containsExactly("SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000", "4");
    String[] ids = result.stdoutText().lines().toList().get(3).strip().split(" ");
    String pid = result.stdoutText().lines().toList().get(4);
    assertThat(ids).containsExactly(pid, pid);
  }
}
