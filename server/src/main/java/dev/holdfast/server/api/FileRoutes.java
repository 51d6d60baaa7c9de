package dev.holdfast.server.api;

import dev.holdfast.server.workbench.LiveWorkbench;
import dev.holdfast.workbench.FileEntry;
import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.GuestFiles;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;

/**
 * The files of a workbench's workspace, as its guest reaches them. Contents are carried piece by
 * piece, both ways. What comes from inside is not trusted: a client checks the names.
 */
final class FileRoutes {
  private static final String PATH = "path";
  private static final int PIECE = 256 << 10;

  /** Most entries of one directory that are listed. */
  private static final int MOST_ENTRIES = 20_000;

  private final Function<Context, LiveWorkbench> workbench;

  FileRoutes(Function<Context, LiveWorkbench> workbench) {
    this.workbench = workbench;
  }

  void addTo(RoutesConfig routes, String files) {
    routes.get(files, this::stat);
    routes.get(files + "/list", this::list);
    routes.get(files + "/content", this::read);
    routes.put(files + "/content", this::write);
    routes.put(files + "/directory", this::makeDirectory);
  }

  private GuestFiles files(Context request) {
    return workbench.apply(request).workbench().files();
  }

  private static String path(Context request) {
    var path = request.queryParam(PATH);
    if (path == null) {
      throw new IllegalArgumentException("the request has no `path`");
    }
    return path;
  }

  private void stat(Context request) {
    Api.answer(request, 200, FileView.of(entry(request)));
  }

  private FileEntry entry(Context request) {
    var path = path(request);
    return files(request)
        .stat(path)
        .orElseThrow(
            () ->
                new FileError(
                    FileError.Code.NOT_FOUND, path, "`%s` does not exist".formatted(path)));
  }

  private void list(Context request) {
    var entries = files(request).list(path(request), MOST_ENTRIES);
    if (entries.size() == MOST_ENTRIES) {
      throw new IllegalArgumentException(
          "`%s` has %d entries or more: that many are not listed"
              .formatted(path(request), MOST_ENTRIES));
    }
    var views = entries.stream().map(FileView::of).toList();
    Api.answer(request, 200, Map.of("entries", views));
  }

  /** As long as it was at the beginning: one that grows for ever is not sent for ever. */
  private void read(Context request) throws IOException {
    var files = files(request);
    var path = path(request);
    long length = entry(request).bytes();
    byte[] piece = files.read(path, 0, (int) Math.min(PIECE, length));
    request.res().setContentType("application/octet-stream");
    request.res().setContentLengthLong(length);
    var out = request.outputStream();
    long sent = 0;
    while (piece.length > 0) {
      out.write(piece);
      sent += piece.length;
      piece = files.read(path, sent, (int) Math.min(PIECE, length - sent));
    }
    // Where it has become shorter the answer breaks off, and the client finds that out.
  }

  private void write(Context request) throws IOException {
    boolean executable = "true".equals(request.queryParam("executable"));
    files(request).write(path(request), request.req().getInputStream(), executable);
    request.status(204);
  }

  private void makeDirectory(Context request) {
    files(request).makeDirectory(path(request));
    request.status(204);
  }

  /** An entry of a directory, as the API shows it. */
  record FileView(String name, FileEntry.Kind kind, long bytes, int mode) {
    static FileView of(FileEntry entry) {
      return new FileView(entry.name(), entry.kind(), entry.bytes(), entry.mode());
    }
  }
}
