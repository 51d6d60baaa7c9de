package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.command.ExitCode;
import dev.holdfast.cli.server.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** The files of a workbench's workspace. What is said of them comes from inside: it may lie. */
final class RemoteFiles {
  private final ApiClient client;
  private final String root;

  RemoteFiles(ApiClient client, String root) {
    this.client = client;
    this.root = root;
  }

  /** What an entry is. */
  enum Kind {
    FILE,
    DIRECTORY,
    SYMLINK,
    OTHER
  }

  /** An entry of a directory. */
  record Entry(String name, Kind kind, boolean executable) {
    static Entry of(JsonNode json) {
      return new Entry(
          json.path("name").asString(""),
          Kind.valueOf(json.path("kind").asString("OTHER")),
          (json.path("mode").asInt(0) & 0100) != 0);
    }
  }

  /** The path of a name in a directory. */
  static String below(String directory, String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }

  private String path(String operation, String path) {
    return root + operation + "?path=" + ApiClient.encoded(path);
  }

  Entry entry(String path) throws IOException {
    return Entry.of(client.call("GET", path("", path), null));
  }

  boolean isDirectory(String path) throws IOException {
    try {
      return entry(path).kind() == Kind.DIRECTORY;
    } catch (CommandFailure missing) {
      if (missing.code() == ExitCode.FAILED) {
        return false; // what is wrong beside that it is missing is found when it is written to
      }
      throw missing;
    }
  }

  List<Entry> list(String path) throws IOException {
    var entries = client.call("GET", path("/list", path), null).path("entries");
    return StreamSupport.stream(entries.spliterator(), false).map(Entry::of).toList();
  }

  void makeDirectory(String path) throws IOException {
    client.call("PUT", path("/directory", path), null);
  }

  void write(String path, InputStream content, long length, boolean executable) throws IOException {
    client.put(path("/content", path) + "&executable=" + executable, content, length);
  }

  void read(String path, OutputStream to) throws IOException {
    client.get(path("/content", path), to);
  }
}
