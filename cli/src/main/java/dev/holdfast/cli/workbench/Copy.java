package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.server.ApiClient;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.ParseResult;

/** {@code holdfast workbench cp}. */
final class Copy {
  private static final Pattern REMOTE = Pattern.compile("([a-z0-9][a-z0-9-]*):(.*)");
  private static final String WORKSPACE = "/workspace";

  private Copy() {}

  /**
   * A place in a workbench.
   *
   * @param path relative to the workspace; empty for the workspace itself
   * @param into whether what is copied there goes below it, under its own name
   */
  private record Remote(String workbench, String path, boolean into) {
    /** Empty when it is a place of this machine. */
    static Optional<Remote> of(String written) {
      var matcher = REMOTE.matcher(written);
      return matcher.matches()
          ? Optional.of(remote(matcher.group(1), matcher.group(2)))
          : Optional.empty();
    }

    private static Remote remote(String workbench, String path) {
      var clean = belowWorkspace(path);
      return new Remote(workbench, clean, clean.isEmpty() || path.endsWith("/"));
    }
  }

  /** A path as the guest takes it, of one that is relative or begins with {@code /workspace}. */
  static String belowWorkspace(String path) {
    var relative =
        path.equals(WORKSPACE) || path.startsWith(WORKSPACE + "/")
            ? path.substring(WORKSPACE.length())
            : path;
    if (path.startsWith("/") && relative.equals(path)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "`%s` is not below `%s`: only what is there can be reached".formatted(path, WORKSPACE));
    }
    return relative.replaceAll("^/+|/+$", "");
  }

  static int run(ParseResult arguments, Context context) throws IOException {
    String from = arguments.matchedPositionalValue(0, "");
    String to = arguments.matchedPositionalValue(1, "");
    var source = Remote.of(from);
    var target = Remote.of(to);
    if (source.isPresent() == target.isPresent()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "one of `%s` and `%s` must be ID:PATH; write `./NAME` for a file of this machine with a colon"
              .formatted(from, to));
    }
    try {
      if (source.isPresent()) {
        var files = files(source.get(), context);
        var place = local(context.resolve(to), to, source.get().path());
        new Download(files, context.terminal()).copy(source.get().path(), place);
      } else {
        var files = files(target.orElseThrow(), context);
        upload(context.resolve(from), target.get(), files, context);
      }
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, "not copied: " + words(e), e);
    }
    return ExitCode.OK.number();
  }

  private static String words(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "`%s` does not exist".formatted(missing.getFile());
      case AccessDeniedException denied -> "`%s` is not permitted".formatted(denied.getFile());
      default -> String.valueOf(e.getMessage());
    };
  }

  private static RemoteFiles files(Remote remote, Context context) {
    var client =
        ApiClient.ofRunning(context).orElseThrow(() -> Workbenches.none(remote.workbench()));
    return new RemoteFiles(client, Workbenches.path(remote.workbench()) + "/files");
  }

  private static void upload(Path from, Remote target, RemoteFiles files, Context context)
      throws IOException {
    boolean into = target.into() || files.isDirectory(target.path());
    var name = from.getFileName();
    var place =
        into && name != null ? RemoteFiles.below(target.path(), name.toString()) : target.path();
    new Upload(files, context.terminal()).copy(from, place);
  }

  /** The name inside has no part in it that leads elsewhere: the guest resolved it. */
  private static Path local(Path to, String written, String from) {
    boolean into = written.endsWith("/") || Files.isDirectory(to);
    var name = from.substring(from.lastIndexOf('/') + 1);
    return into && !name.isEmpty() ? to.resolve(Download.requireName(name)) : to;
  }
}
