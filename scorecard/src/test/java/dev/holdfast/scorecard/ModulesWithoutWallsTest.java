package dev.holdfast.scorecard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.dylibso.chicory.runtime.ImportValues;
import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.wasi.WasiExitException;
import com.dylibso.chicory.wasi.WasiOptions;
import com.dylibso.chicory.wasi.WasiPreview1;
import com.dylibso.chicory.wasm.ChicoryException;
import com.dylibso.chicory.wasm.Parser;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.Layer;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The counterproof for modules: a WASI that gives them a directory of the host, whose links it
 * follows, and the host's environment.
 */
class ModulesWithoutWallsTest {
  @TempDir Path directory;
  private final ByteArrayOutputStream loot = new ByteArrayOutputStream();
  private Bait bait;
  private Path workspace;

  @BeforeEach
  void lay() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    bait = Bait.lay(directory, Files.writeString(directory.resolve("neighbour"), "another's"));
    workspace = Files.createDirectory(directory.resolve("workspace"));
    Path top = directory.getRoot().resolve(directory.getName(0));
    Files.createSymbolicLink(workspace.resolve(top.getFileName()), top);
  }

  @AfterEach
  void takeAway() throws Exception {
    bait.close();
  }

  private Verdict make(Attack attack) {
    var lines = new StringBuilder();
    for (var attempt : attack.modules()) {
      lines.append(attempt.line(run(attempt.module(bait.places())))).append('\n');
    }
    return attack.judge(lines.toString(), Layer.WASM);
  }

  private End run(byte[] module) {
    var options =
        WasiOptions.builder()
            .withDirectory("workspace", workspace)
            .withEnvironment("HOME", "/root")
            .withStdout(loot)
            .build();
    try (var wasi = WasiPreview1.builder().withOptions(options).build()) {
      Instance.builder(Parser.parse(module))
          .withImportValues(ImportValues.builder().addFunction(wasi.toHostFunctions()).build())
          .build();
      return new End.Exited(0);
    } catch (WasiExitException exit) {
      return new End.Exited(exit.exitCode());
    } catch (ChicoryException | IllegalArgumentException trap) {
      return new End.Trapped(String.valueOf(trap.getMessage()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"file-size", "host-files", "links", "module-environment"})
  void theAttackSucceeds(String name) {
    assertThat(make(Attacks.named(name))).isInstanceOf(Verdict.Broken.class);
  }

  @Test
  void theBaitTellsOfWhatModulesTook() {
    make(Attacks.named("host-files"));
    assertThat(bait.traces(loot.toString(UTF_8)))
        .contains("the host's secret was read", "a file was put beside the host's secret");
  }

  @Test
  void everyModuleIsOne() {
    for (var attack : Attacks.all()) {
      assertThat(attack.modules()).extracting(ModuleAttempt::what).doesNotHaveDuplicates();
      for (var attempt : attack.modules()) {
        Parser.parse(attempt.module(bait.places()));
      }
    }
  }

  @Test
  void stepsDoWhatTheListSays() {
    assertThat(run("!sched_yield(); nop()")).isEqualTo(new End.Exited(0));
    assertThat(run("!fd_close(99); fd_close(98)"))
        .isEqualTo(new End.Exited(ModuleWriter.UNPREPARED));
    assertThat(run("nop(); fd_close(99); nop()")).isEqualTo(new End.Exited(8));
    assertThat(run("!store(16, 300L); is(@16, 300)")).isEqualTo(new End.Exited(ModuleWriter.OWN));
    assertThat(run("!store(16, -7L); is(@16, 300)")).isEqualTo(new End.Exited(0));
    assertThat(run("1 to 5: fd_close(#)")).isEqualTo(new End.Exited(0));
    assertThat(run("90 to 95: fd_close(#)")).isEqualTo(new End.Exited(8));
    assertThat(run("2 to 4: path_open(#, 1, \"none\", 0, -1L, -1L, 0, 0)"))
        .isEqualTo(new End.Exited(ModuleWriter.MIXED));
    assertThat(run("3 times: path_create_directory(3, \"d#\")")).isEqualTo(new End.Exited(0));
    assertThat(run("2000 times: path_create_directory(3, \"d0000002\")"))
        .isEqualTo(new End.Exited(20));
    assertThat(workspace.resolve("d0000002")).isDirectory();
    assertThat(workspace.resolve("d0000003")).doesNotExist();
    assertThat(run("fd_write(1, [1024:2]x3, 0)")).isEqualTo(new End.Exited(0));
    assertThat(run("load(262143)")).isEqualTo(new End.Exited(0));
    assertThat(run("load(262144)")).isInstanceOf(End.Trapped.class);
    assertThat(run("call_indirect(0)")).isInstanceOf(End.Trapped.class);
    assertThat(run("call_indirect(1)")).isInstanceOf(End.Trapped.class);
    assertThat(run("memory.grow(65536)")).isEqualTo(new End.Exited(ModuleWriter.REFUSED));
    assertThat(run("memory.grow(1)")).isEqualTo(new End.Exited(0));
    assertThat(run("table.grow(-1)")).isEqualTo(new End.Exited(ModuleWriter.REFUSED));
  }

  private End run(String calls) {
    return run(ModuleWriter.write(ModuleStep.parse(calls, Map.of())));
  }

  @Test
  void whatWasNotMadeOrEndedForAnotherReasonIsNotHeld() {
    var attack = Attacks.named("host-files");
    var attempt = attack.modules().getFirst();
    for (End end :
        List.of(
            new End.Exited(ModuleWriter.UNPREPARED),
            new End.Exited(ModuleWriter.MIXED),
            new End.Exited(ModuleWriter.OWN),
            new End.Exited(28),
            new End.Exited(255),
            new End.Trapped("why"),
            new End.Signalled(9),
            new End.TimedOut(Duration.ofSeconds(1)),
            new End.OutOfMemory(1),
            new End.OutputExceeded(1),
            new End.NotStarted("it is not valid"),
            new End.WorkbenchLost("it is gone"))) {
      assertThat(attack.judge(attempt.line(end), Layer.WASM))
          .as(end.toString())
          .isInstanceOf(Verdict.Unclear.class);
    }
    assertThat(attack.judge(attempt.line(new End.Exited(76)), Layer.WASM))
        .isInstanceOf(Verdict.Held.class);
  }

  @Test
  void aModuleThatIsWrongIsNoImportThatNobodyGives() {
    var attack = Attacks.named("module-imports");
    var attempt = new ModuleAttempt("a command", "env.system(0)");
    assertThat(attack.judge(attempt.line(new End.NotStarted("no env.system")), Layer.WASM))
        .isInstanceOf(Verdict.Held.class);
    assertThat(attack.judge(attempt.line(new End.NotStarted("it is not valid")), Layer.WASM))
        .isInstanceOf(Verdict.Unclear.class);
  }

  @Test
  void whatIsNotUnderstoodIsRefused() {
    for (String calls : List.of("fd_close", "fd_close(x)", "path_unlink_file(3, \"{nothing}\")")) {
      assertThatThrownBy(() -> ModuleStep.parse(calls, Map.of()))
          .hasMessageContaining("of a module is not understood");
    }
    assertThatThrownBy(() -> run("path_unlink_file(3, \"a\"x99999)"))
        .hasMessageContaining("they must end below 65536");
    assertThatThrownBy(() -> Attacks.parse("", "", "escape\tit\tnop()"))
        .hasMessageContaining("`[escape]`");
  }
}
