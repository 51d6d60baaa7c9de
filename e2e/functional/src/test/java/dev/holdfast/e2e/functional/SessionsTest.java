package dev.holdfast.e2e.functional;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workbenches that outlive a command, and the server that holds them. */
@Timeout(180)
class SessionsTest extends WithServer {
  private String create(String... options) throws Exception {
    var words = new java.util.ArrayList<>(java.util.List.of("workbench", "create"));
    words.addAll(java.util.List.of(options));
    return cli.run(temp, words.toArray(String[]::new)).orFail().out().strip();
  }

  private Cli.Said sh(String id, String script) throws Exception {
    return cli.run(temp, "workbench", "exec", id, "--", "sh", "-c", script);
  }

  private long pid() throws Exception {
    var status = cli.run(temp, "server", "status", "--json").orFail().out();
    return Long.parseLong(status.replaceAll(".*\"pid\":([0-9]+).*", "$1").strip());
  }

  @Test
  void whatOneCommandLeavesTheNextOneFinds() throws Exception {
    var made = cli.run(temp, "workbench", "create", "--name", "desk").orFail();
    assertThat(made.out()).matches("w-[a-z0-9]{10}\n");
    assertThat(made.err()).contains("starting a server");
    var id = made.out().strip();

    sh(id, "echo kept > note").orFail();
    var again = sh("desk", "cat note; echo beside >&2; exit 7");
    assertThat(again.out()).isEqualTo("kept\n");
    assertThat(again.err()).isEqualTo("beside\n");
    assertThat(again.code()).isEqualTo(7);

    assertThat(cli.run(temp, "workbench", "ls").orFail().out()).contains(id, "desk", "running");
    assertThat(cli.run(temp, "workbench", "rm", "desk").orFail().err()).isEmpty();
    assertThat(sh(id, "true").err()).contains("there is no workbench `" + id + "`");
    assertThat(cli.run(temp, "workbench", "ls").orFail().out()).isEmpty();
    assertThat(Leftovers.ofServers(temp.resolve("home"))).isEmpty();
  }

  @Test
  void aRepositoryIsTheWorkspaceAndGoesWithTheWorkbench() throws Exception {
    var repository = Files.createDirectory(temp.resolve("repo"));
    Files.writeString(repository.resolve("file"), "committed\n");
    Cli.commitAll(repository);
    var id = create("--repo", "repo");

    var said = sh(id, "cat file; echo changed > file; git status --short").orFail();
    assertThat(said.out()).isEqualTo("committed\n M file\n");
    assertThat(repository.resolve("file")).hasContent("committed");

    cli.run(temp, "workbench", "rm", "--all").orFail();
    try (var left = Files.list(home.resolve("workspaces"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void inputIsCarriedWholeAndAProgramThatDoesNotReadHoldsNothingUp() throws Exception {
    var id = create();
    var bytes = new byte[3_000_000];
    var counting = cli.start(temp, "workbench", "exec", id, "--", "wc", "-c");
    try (var in = counting.getOutputStream()) {
      in.write(bytes);
    }
    assertThat(text(counting.getInputStream()).strip()).isEqualTo("3000000");

    var deaf = cli.start(temp, "workbench", "exec", id, "--", "sh", "-c", "echo up; exec sleep 60");
    assertThat(deaf.getInputStream().read()).isEqualTo('u');
    var writer = Thread.ofVirtual().start(() -> write(deaf, bytes));
    interrupt(deaf);
    assertThat(deaf.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(deaf.exitValue()).isEqualTo(128 + 2);
    writer.join();
    assertThat(sh(id, "pgrep sleep").code()).isEqualTo(1);
  }

  @Test
  void aProgramThatClosesItsStreamsIsAwaitedAllTheSame() throws Exception {
    var id = create();
    var script = "exec 0<&- 1>&- 2>&-; sleep 1; echo lost; exit 5";
    var odd = cli.start(temp, "workbench", "exec", id, "--", "sh", "-c", script);
    write(odd, new byte[3_000_000]);
    assertThat(odd.waitFor()).isEqualTo(5);
    assertThat(text(odd.getInputStream()) + text(odd.getErrorStream())).isEmpty();
    assertThat(sh(id, "echo on").orFail().out()).isEqualTo("on\n");
  }

  private static void write(Process process, byte[] bytes) {
    try (var in = process.getOutputStream()) {
      in.write(bytes);
    } catch (IOException ended) {
      // as it shall
    }
  }

  private static void interrupt(Process process) throws Exception {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  @Test
  void theProgramOfAClientThatIsKilledIsKilled() throws Exception {
    var id = create();
    var client =
        cli.start(temp, "workbench", "exec", id, "--", "sh", "-c", "echo up; exec sleep 60");
    assertThat(client.getInputStream().read()).isEqualTo('u');
    client.destroyForcibly().waitFor();
    // `pgrep` of procps is in every root that has a /usr; its own process is not named sleep.
    assertThat(
            sh(id, "for i in $(seq 100); do pgrep sleep || exit 0; sleep 0; done; exit 1").code())
        .isZero();
  }

  @Test
  void twoFirstCommandsAtOnceStartOneServer() throws Exception {
    var one = cli.start(temp, "workbench", "create");
    var two = cli.start(temp, "workbench", "create");
    assertThat(one.waitFor()).isZero();
    assertThat(two.waitFor()).isZero();
    assertThat(text(one.getErrorStream()) + text(two.getErrorStream()))
        .containsOnlyOnce("starting a server");
    assertThat(cli.run(temp, "workbench", "ls").orFail().out().lines()).hasSize(2);

    var third = cli.run(temp, "server");
    assertThat(third.code()).isEqualTo(1);
    assertThat(third.err()).contains("is running already");
  }

  @Test
  void nothingIsLeftAfterTheServerWasKilled() throws Exception {
    var repository = Files.createDirectory(temp.resolve("repo"));
    Files.writeString(repository.resolve("file"), "committed\n");
    Cli.commitAll(repository);
    var before = create("--repo", "repo");
    ProcessHandle.of(pid()).orElseThrow().destroyForcibly();
    while (cli.run(temp, "server", "status").code() == 0) {
      Thread.onSpinWait();
    }
    assertThat(sh(before, "true").err()).contains("no server runs");

    var after = create();
    assertThat(cli.run(temp, "workbench", "ls").orFail().out())
        .contains(after)
        .doesNotContain(before);
    cli.run(temp, "workbench", "rm", after).orFail();
    assertThat(Leftovers.ofServers(temp.resolve("home"))).isEmpty();
    try (var left = Files.list(home.resolve("workspaces"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void sigtermEndsTheServerWithItsWorkbenchesAndItSaysSo() throws Exception {
    var id = create();
    var running = cli.start(temp, "workbench", "exec", id, "--", "sh", "-c", "echo up; sleep 60");
    assertThat(running.getInputStream().read()).isEqualTo('u');
    var server = ProcessHandle.of(pid()).orElseThrow();
    server.destroy();
    server.onExit().get(60, TimeUnit.SECONDS);

    assertThat(running.waitFor()).isEqualTo(1);
    assertThat(text(running.getErrorStream())).contains("the workbench is gone");
    assertThat(Leftovers.ofServers(temp.resolve("home"))).isEmpty();
    assertThat(home.resolve("server/log"))
        .content()
        .contains("removed workbench " + id, "has ended");
    assertThat(home.resolve("server/api.sock")).doesNotExist();
  }

  /** Another user is kept out by the directory, by the socket's mode, and by the server itself. */
  @Test
  void anotherUserDoesNotReachTheServer() throws Exception {
    var id = create();
    var directory = home.resolve("server");
    var socket = directory.resolve("api.sock");
    assertThat(Files.getPosixFilePermissions(directory))
        .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    assertThat(Files.getPosixFilePermissions(socket))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(asNobody(socket)).contains("PermissionError");

    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw-rw-"));
    assertThat(asNobody(socket)).contains("answered b''").doesNotContain("HTTP");
    assertThat(sh(id, "true").code()).isZero();
  }

  private String asNobody(Path socket) throws Exception {
    var script =
        """
        import socket,sys
        s = socket.socket(socket.AF_UNIX); s.settimeout(20); s.connect(sys.argv[1])
        try:
          s.sendall(b'GET /v1/workbenches HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n')
          print('answered', s.recv(1000))
        except (BrokenPipeError, ConnectionResetError):
          print("answered b''")
        """;
    var process =
        new ProcessBuilder(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "/usr/bin/python3",
                "-c",
                script,
                socket.toString())
            .redirectErrorStream(true)
            .directory(Path.of("/").toFile())
            .start();
    return text(process.getInputStream());
  }

  private static String text(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }
}
