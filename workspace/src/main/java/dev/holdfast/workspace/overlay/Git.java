package dev.holdfast.workspace.overlay;

import dev.holdfast.workspace.WorkspaceException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * The host's git, run so that nothing but Holdfast decides what it executes: an empty environment,
 * a configuration of our own in place of the system's and the user's, no hooks, no lazy fetches, no
 * prompts, no transports that run commands. It is never run inside an agent's tree.
 */
final class Git {
  private static final Duration LIMIT = Duration.ofMinutes(30);
  private static final int OUTPUT_LIMIT = 256 << 20;

  /** Wins over a repository's own configuration, which is why it is given on the command line. */
  private static final List<String> GUARDS =
      List.of(
          "core.hooksPath=/dev/null",
          "core.fsmonitor=false",
          "core.attributesFile=/dev/null",
          "core.alternateRefsCommand=",
          "core.pager=cat",
          "gc.auto=0",
          "maintenance.auto=false",
          "fetch.recurseSubmodules=false",
          "submodule.recurse=false",
          "protocol.ext.allow=never");

  private static final String CONFIG =
      """
      [safe]
      \tdirectory = *
      [core]
      \tsymlinks = true
      \tfileMode = true
      \tautocrlf = false
      [init]
      \tdefaultBranch = main
      [transfer]
      \tfsckObjects = false
      [uploadpack]
      \tallowAnySHA1InWant = true
      [protocol]
      \tallow = never
      [protocol "file"]
      \tallow = always
      [protocol "git"]
      \tallow = always
      [protocol "http"]
      \tallow = always
      [protocol "https"]
      \tallow = always
      [protocol "ssh"]
      \tallow = always
      """;

  private final Path home;

  /**
   * @param home a directory of Holdfast's own that holds git's configuration
   */
  Git(Path home) throws IOException {
    this.home = home;
    Files.createDirectories(home);
    Path config = config();
    if (!Files.exists(config) || !Files.readString(config).equals(CONFIG)) {
      Path fresh = Files.createTempFile(home, "config", "");
      Files.writeString(fresh, CONFIG);
      Files.move(fresh, config, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private Path config() {
    return home.resolve("gitconfig");
  }

  /** What a git command came to. */
  record Result(int exit, byte[] out, String err) {
    String text() {
      return new String(out, StandardCharsets.UTF_8).strip();
    }
  }

  /** Writes a command's standard input. */
  @FunctionalInterface
  interface Input {
    void write(OutputStream out) throws IOException;

    /** No input. */
    Input NONE = out -> {};
  }

  /** A git command about to be run. */
  final class Command {
    private final List<String> args;
    private final Map<String, String> extra;
    private final List<String> prefix = new ArrayList<>();
    private Path directory = home;
    private Input input = Input.NONE;
    private Duration limit = LIMIT;

    private Command(List<String> args, Map<String, String> extra) {
      this.args = args;
      this.extra = new HashMap<>(extra);
    }

    /** Runs as whoever owns {@code path}, who may not be able to read Holdfast's own files. */
    Command asOwnerOf(Path path) throws IOException {
      int user = (int) Files.getAttribute(path, "unix:uid");
      int group = (int) Files.getAttribute(path, "unix:gid");
      if (user != (int) Files.getAttribute(home, "unix:uid")) {
        prefix.addAll(
            List.of("setpriv", "--reuid=" + user, "--regid=" + group, "--clear-groups", "--"));
        extra.put("GIT_CONFIG_GLOBAL", "/dev/null");
        extra.put("HOME", "/nonexistent");
        directory = Path.of("/");
      }
      return this;
    }

    Command in(Path where) {
      directory = where;
      return this;
    }

    Command input(Input writer) {
      input = writer;
      return this;
    }

    Command limit(Duration time) {
      limit = time;
      return this;
    }

    /** Runs it; any exit status is returned. */
    Result run() throws IOException {
      Process process = start();
      try {
        var err = async(process.getErrorStream(), 1 << 16);
        var out = async(process.getInputStream(), OUTPUT_LIMIT);
        var feeder = feed(process);
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new WorkspaceException("git `%s` took longer than %s".formatted(name(), limit));
        }
        byte[] output = out.join();
        String message = new String(err.join(), StandardCharsets.UTF_8).strip();
        settle(feeder);
        return new Result(process.exitValue(), output, message);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new WorkspaceException("git `%s` was interrupted".formatted(name()), e);
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }

    /** Throws what kept the input from being written, unless it was git that stopped reading. */
    private static void settle(CompletableFuture<Void> feeder) throws IOException {
      try {
        feeder.join();
      } catch (CompletionException e) {
        switch (e.getCause()) {
          case RuntimeException failed -> throw failed;
          case IOException failed when !stoppedReading(failed) -> throw failed;
          case null, default -> {}
        }
      }
    }

    private static boolean stoppedReading(IOException e) {
      return "Broken pipe".equals(e.getMessage()) || "Stream closed".equals(e.getMessage());
    }

    /** Runs it and requires success. */
    Result check() throws IOException {
      Result result = run();
      if (result.exit() != 0) {
        throw new WorkspaceException(
            "git `%s` failed with status %d: %s".formatted(name(), result.exit(), result.err()));
      }
      return result;
    }

    private String name() {
      return args.stream()
          .filter(arg -> arg.matches("[a-z]+-?[a-z]+"))
          .findFirst()
          .orElse(args.getFirst());
    }

    private Process start() throws IOException {
      var line = new ArrayList<String>();
      line.addAll(prefix);
      line.add("git");
      for (String guard : GUARDS) {
        line.add("-c");
        line.add(guard);
      }
      line.addAll(args);
      var builder = new ProcessBuilder(line).directory(directory.toFile());
      builder.environment().clear();
      builder.environment().putAll(environment());
      builder.environment().putAll(extra);
      return builder.start();
    }

    private CompletableFuture<Void> feed(Process process) {
      var done = new CompletableFuture<Void>();
      Thread.ofVirtual()
          .start(
              () -> {
                try (OutputStream out = process.getOutputStream()) {
                  input.write(out);
                  done.complete(null);
                } catch (IOException | RuntimeException e) {
                  // A git that ends early closes the pipe; its exit status tells the story then.
                  // Not the process's own destroy: that closes what is being read.
                  var _ = process.toHandle().destroy();
                  done.completeExceptionally(e);
                }
              });
      return done;
    }
  }

  private Map<String, String> environment() {
    return Map.ofEntries(
        Map.entry("PATH", "/usr/local/bin:/usr/bin:/bin"),
        Map.entry("HOME", home.toString()),
        Map.entry("LC_ALL", "C.UTF-8"),
        Map.entry("GIT_CONFIG_NOSYSTEM", "1"),
        Map.entry("GIT_CONFIG_GLOBAL", config().toString()),
        Map.entry("GIT_ATTR_NOSYSTEM", "1"),
        Map.entry("GIT_TERMINAL_PROMPT", "0"),
        Map.entry("GIT_OPTIONAL_LOCKS", "0"),
        Map.entry("GIT_NO_LAZY_FETCH", "1"),
        Map.entry("GIT_NO_REPLACE_OBJECTS", "1"),
        Map.entry("GIT_PAGER", "cat"),
        Map.entry("GIT_SSH_COMMAND", "ssh -oBatchMode=yes"));
  }

  Command command(List<String> args) {
    return new Command(args, Map.of());
  }

  Command command(Map<String, String> environment, String... args) {
    return new Command(List.of(args), environment);
  }

  /** A command on the repository whose git directory is given. */
  Command on(Path gitDir, String... args) {
    return on(gitDir, Map.of(), args);
  }

  Command on(Path gitDir, Map<String, String> environment, String... args) {
    var all = new ArrayList<String>();
    all.add("--git-dir=" + gitDir);
    all.addAll(List.of(args));
    return new Command(all, environment);
  }

  private static CompletableFuture<byte[]> async(InputStream in, int limit) {
    var done = new CompletableFuture<byte[]>();
    Thread.ofVirtual()
        .start(
            () -> {
              try (in) {
                done.complete(bounded(in, limit));
              } catch (IOException e) {
                done.completeExceptionally(e);
              }
            });
    return done;
  }

  private static byte[] bounded(InputStream in, int limit) throws IOException {
    var out = new ByteArrayOutputStream();
    var buffer = new byte[1 << 16];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, Math.min(n, limit - out.size()));
    }
    return out.toByteArray();
  }
}
