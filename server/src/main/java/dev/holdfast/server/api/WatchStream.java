package dev.holdfast.server.api;

import dev.holdfast.server.workbench.LiveWorkbench;
import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.FileEvent;
import dev.holdfast.workbench.WorkbenchException;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What happens to the files of a workbench, for one client, a message each. It has nothing to say.
 */
final class WatchStream extends ClientStream {
  private final LiveWorkbench workbench;
  private final String path;
  private final Thread teller = Thread.ofVirtual().name("watch-stream").unstarted(this::tell);

  private WatchStream(LiveWorkbench workbench, String path, StreamSession session) {
    super(session);
    this.workbench = workbench;
    this.path = path;
  }

  static void serve(WsConfig socket, Function<WsContext, LiveWorkbench> workbench) {
    serve(
        socket,
        (context, session) ->
            new WatchStream(
                workbench.apply(context),
                Optional.ofNullable(context.queryParam("path")).orElse(""),
                session));
  }

  @Override
  void begin() {
    teller.start();
  }

  @Override
  void take(byte[] json) {
    throw new IllegalArgumentException("nothing is to be said while files are watched");
  }

  private void tell() {
    try (var events = workbench.workbench().watch(path)) {
      session.send(Map.of("watching", true));
      for (var event = events.next(); event.isPresent(); event = events.next()) {
        session.send(view(event.get()));
      }
      session.close();
    } catch (FileError | WorkbenchException | IllegalArgumentException e) {
      session.refuse(ApiError.of(e));
    } catch (IOException broken) {
      session.close(); // the client went, or the workbench
    } catch (InterruptedException gone) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, Object> view(FileEvent event) {
    return switch (event) {
      case FileEvent.Created(var path, var directory) -> view("created", path, directory);
      case FileEvent.Changed(var path, var directory) -> view("changed", path, directory);
      case FileEvent.Removed(var path, var directory) -> view("removed", path, directory);
      case FileEvent.Renamed(var from, var path, var directory) ->
          Map.of("event", "renamed", "from", from, "path", path, "directory", directory);
      case FileEvent.Overflow() -> Map.of("event", "overflow");
      case FileEvent.Unwatched(var path) -> view("unwatched", path, true);
    };
  }

  private static Map<String, Object> view(String event, String path, boolean directory) {
    return Map.of("event", event, "path", path, "directory", directory);
  }

  @Override
  void onClose() {
    teller.interrupt();
  }
}
