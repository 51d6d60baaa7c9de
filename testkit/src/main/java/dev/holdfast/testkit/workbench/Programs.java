package dev.holdfast.testkit.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecResult;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Programs: how they start, what they are given, how they end, what they leave. */
interface Programs extends Fixture {
  String DAEMON =
      """
      import os,time,sys
      def daemon(seconds):
        if os.fork(): return
        os.setsid()
        if os.fork(): os._exit(0)
        time.sleep(seconds); os._exit(0)
      """;

  /** The arguments of every living process inside, but the guest and the asking one. */
  default List<String> processes() {
    String script =
        """
        import os
        for p in os.listdir('/proc'):
          if p.isdigit() and int(p) not in (1, os.getpid()):
            words = open('/proc/%s/cmdline' % p).read().split(chr(0))
            if words[0]: print(words[0], repr(words[-2:]))
        """;
    return python(script).stdoutText().lines().toList();
  }

  @Test
  default void keepsStdoutStderrAndTheCodeApart() {
    ExecResult result = sh("echo out; echo err >&2; exit 3");
    assertThat(result.end()).isEqualTo(new End.Exited(3));
    assertThat(result.stdoutText()).isEqualTo("out\n");
    assertThat(result.stderrText()).isEqualTo("err\n");
    assertThat(result.use().wall()).isPositive();
  }

  @Test
  default void passesArgumentsEnvironmentAndDirectoryAsTheyAre() {
    String print = "printf '%s|' \"$@\" \"$X\" \"$HOME\" \"$PWD\"";
    ExecSpec program = spec("sh", "-c", print, "sh", "a b", "", "ä\n").withEnv(Map.of("X", "x=y"));
    assertThat(workbench().exec(program.withDirectory("/usr")).stdoutText())
        .isEqualTo("a b||ä\n|x=y|/home/agent|/usr|");
    assertThat(workbench().exec(program).stdoutText()).endsWith("|/workspace|");
  }

  @Test
  default void saysWhyAProgramDoesNotStart() {
    assertThat(workbench().exec(spec("no-such-program")).end())
        .isEqualTo(new End.NotStarted("cannot run `no-such-program`: No such file or directory"));
    assertThat(workbench().exec(spec("/etc/passwd")).end())
        .isEqualTo(new End.NotStarted("cannot run `/etc/passwd`: Permission denied"));
    assertThat(workbench().exec(spec("true").withDirectory("/nowhere")).end())
        .isEqualTo(
            new End.NotStarted("cannot enter directory `/nowhere`: No such file or directory"));
  }

  @Test
  default void reportsASignalAndSendsOne() {
    assertThat(sh("kill -SEGV $$").end()).isEqualTo(new End.Signalled(11));
    try (Execution sleeper = workbench().start(spec("sleep", "50"))) {
      sleeper.signal(15);
      assertThat(sleeper.await()).isEqualTo(new End.Signalled(15));
    }
  }

  @Test
  default void endsAProgramAtItsWallTimeEvenWhenItIgnoresSigterm() {
    var limit = Duration.ofMillis(700);
    String stubborn = "trap '' TERM INT HUP; echo begun; while :; do sleep 1; done";
    ExecResult result = workbench().exec(spec("sh", "-c", stubborn).withWallTime(limit));
    assertThat(result.end()).isEqualTo(new End.TimedOut(limit));
    assertThat(result.stdoutText()).isEqualTo("begun\n");
  }

  @Test
  default void killsWhatAFinishedProgramLeft() {
    assertThat(python(DAEMON + "daemon(100); daemon(100); sys.exit(5)").end())
        .isEqualTo(new End.Exited(5));
    assertThat(sh("sleep 100 & nohup setsid sleep 101 & exit 0").end())
        .isEqualTo(new End.Exited(0));
    assertThat(processes()).isEmpty();
  }

  @Test
  default void keepsBackgroundProgramsWhenAskedAndKillsThemAtTheEnd() {
    ExecSpec keep =
        spec("python3", "-c", DAEMON + "daemon(70); print('up', flush=True)")
            .withLeftovers(ExecSpec.Leftovers.KEEP);
    assertThat(workbench().exec(keep).stdoutText()).isEqualTo("up\n");
    assertThat(python(DAEMON + "daemon(100)").succeeded()).isTrue();
    assertThat(processes()).as("the keeper and what it keeps").hasSize(2);
    workbench().killAll();
    assertThat(processes()).isEmpty();
  }

  @Test
  default void killAllEndsEveryProgramAndTheWorkbenchGoesOn() {
    try (Execution first = workbench().start(spec("sleep", "40"));
        Execution second = workbench().start(spec("sh", "-c", "sleep 41 & sleep 42"))) {
      workbench().killAll();
      assertThat(first.await()).isEqualTo(new End.Signalled(9));
      assertThat(second.await()).isEqualTo(new End.Signalled(9));
    }
    assertThat(processes()).isEmpty();
    assertThat(workbench().alive()).isTrue();
  }

  @Test
  default void runsManyProgramsAtOnce() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Callable<String>>();
      for (int i = 0; i < 20; i++) {
        byte[] text = Fixture.bytes("program " + i);
        ExecSpec cat = spec("sh", "-c", "cat; sleep 0.3").withStdin(text);
        tasks.add(() -> workbench().exec(cat).stdoutText());
      }
      var answers = new ArrayList<String>();
      for (var future : threads.invokeAll(tasks)) {
        answers.add(future.get());
      }
      for (int i = 0; i < 20; i++) {
        assertThat(answers.get(i)).isEqualTo("program " + i);
      }
    }
  }

  @Test
  default void runAsTheAgentWithoutAnyRight() {
    boolean mapped = !differences().contains(Difference.NO_USER_NAMESPACE);
    int id = mapped ? AgentIds.USUAL : engine().owner();
    assertThat(output("id -u; id -g; id -un")).isEqualTo("%1$d\n%1$d\nagent\n".formatted(id));
    assertThat(output("grep -E '^Cap(Inh|Prm|Eff|Bnd)' /proc/self/status | cut -f2 | uniq"))
        .isEqualTo("0000000000000000\n");
    assertThat(sh("touch /usr/x || touch /etc/x || touch /x").succeeded()).isFalse();
  }

  @Test
  default void reachNoNetworkButTheirOwnLoopback() {
    String attempt =
        """
        import errno, socket
        s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()
        socket.create_connection(s.getsockname()).close()
        try: socket.create_connection(('192.0.2.1', 80), 5)
        except OSError as e: print(e.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH), e)
        """;
    assertThat(python(attempt).stdoutText()).startsWith("True ");
  }

  /** Who could speak on the guest's channel could make up the outcome of every call. */
  @Test
  default void cannotTouchTheGuestNorItsChannel() {
    String attack =
        """
        import ctypes, os, stat
        c = ctypes.CDLL(None)
        def opens(path, mode):
          try: open(path, mode).read(1); return True
          except OSError: return False
        print(opens('/proc/1/mem', 'rb'), opens('/proc/1/mem', 'r+b'))
        print(c.ptrace(16, 1, 0, 0), c.ptrace(0x4206, 1, 0, 0))
        b = ctypes.create_string_buffer(8)
        class V(ctypes.Structure): _fields_ = [('p', ctypes.c_void_p), ('n', ctypes.c_size_t)]
        v = V(ctypes.addressof(b), 8)
        print(c.process_vm_readv(1, ctypes.byref(v), 1, ctypes.byref(V(0x400000, 8)), 1, 0))
        for fd in range(100):
          try: f = os.open('/proc/1/fd/%d' % fd, os.O_RDWR)
          except OSError: continue
          if stat.S_ISSOCK(os.fstat(f).st_mode): print('socket', fd)
        """;
    assertThat(python(attack).stdoutText()).isEqualTo("False False\n-1 -1\n-1\n");
  }

  @Test
  default void signalsToTheGuestHarmNobody() {
    try (Workbench victim = engine().create(WorkbenchSpec.empty(CAPS))) {
      String attack = "for s in 15 10 34 9; do kill -$s 1; done; sleep 0.3; echo here";
      End end = victim.exec(spec("sh", "-c", attack)).end();
      assertThat(end).isEqualTo(new End.Exited(0));
      assertThat(victim.alive()).isTrue();
    }
    assertThat(workbench().alive()).isTrue();
  }
}
