package dev.holdfast.server.api;

import dev.holdfast.server.workbench.BackgroundProcess;
import dev.holdfast.server.workbench.CreateRequest;
import dev.holdfast.server.workbench.LiveWorkbench;
import dev.holdfast.server.workbench.LiveWorkbenches;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/** The HTTP API, version 1. {@code docs/design/server.md} describes it. */
public final class Api {
  private static final String WORKBENCHES = "/v1/workbenches";
  private static final String WORKBENCH = WORKBENCHES + "/{workbench}";

  private static final String PROCESSES = WORKBENCH + "/processes";
  private static final String PROCESS = PROCESSES + "/{process}";

  /** The largest JSON body that is read: a command and its environment have at most 192 KiB. */
  private static final int MOST_BODY = 1 << 20;

  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final LiveWorkbenches workbenches;
  private final Status status;
  private final Runnable stop;
  private final Consumer<String> log;
  private final OpenStreams streams = new OpenStreams();

  /**
   * @param stop asks the server to end, and returns at once
   * @param log hears of defects
   */
  public Api(LiveWorkbenches workbenches, Status status, Runnable stop, Consumer<String> log) {
    this.workbenches = workbenches;
    this.status = status;
    this.stop = stop;
    this.log = log;
  }

  /** An HTTP server of it that listens, once it is started, at a Unix socket and nowhere else. */
  public Javalin over(Path socket) {
    return Javalin.create(
        config -> {
          config.startup.showJavalinBanner = false;
          config.startup.showOldJavalinVersionWarning = false;
          config.concurrency.useVirtualThreads = true;
          config.jetty.addConnector((server, http) -> new OwnerConnector(server, http, socket));
          config.jetty.modifyWebSocketServletFactory(ExecStream::limit);
          routes(config);
        });
  }

  /** Waits, but not for long, until clients have heard how what they ran has ended. */
  public void awaitStreams() throws InterruptedException {
    streams.awaitNone(LAST_WORDS);
  }

  private void routes(JavalinConfig config) {
    RoutesConfig routes = config.routes;
    routes.get("/v1/server", request -> answer(request, 200, status));
    routes.post("/v1/server/stop", this::stop);
    routes.post(WORKBENCHES, this::create);
    routes.get(WORKBENCHES, this::list);
    routes.get(WORKBENCH, this::show);
    routes.delete(WORKBENCH, this::remove);
    routes.ws(
        WORKBENCH + "/exec",
        stream ->
            ExecStream.serve(stream, streams, request -> find(request.pathParam("workbench"))));
    routes.ws(
        WORKBENCH + "/connect",
        stream -> ForwardStream.serve(stream, request -> find(request.pathParam("workbench"))));
    routes.ws(
        WORKBENCH + "/files/watch",
        stream -> WatchStream.serve(stream, request -> find(request.pathParam("workbench"))));
    routes.post(PROCESSES, this::startProcess);
    routes.get(PROCESSES, this::listProcesses);
    routes.get(PROCESS, request -> answer(request, 200, ProcessView.of(process(request))));
    routes.post(PROCESS + "/signal", this::signal);
    routes.ws(
        PROCESS + "/stream",
        stream ->
            ProcessStream.serve(
                stream,
                request ->
                    process(find(request.pathParam("workbench")), request.pathParam("process"))));
    new CheckpointRoutes(workbenches, this::workbench).addTo(routes, WORKBENCH);
    new FileRoutes(this::workbench).addTo(routes, WORKBENCH + "/files");
    routes.exception(Exception.class, this::failed);
    routes.error(404, this::unknown);
  }

  private void stop(Context request) {
    answer(request, 202, Map.of());
    stop.run();
  }

  private void create(Context request) throws IOException {
    var made = workbenches.create(ApiJson.read(body(request), CreateRequest.class));
    answer(request, 201, WorkbenchView.of(made));
  }

  private void list(Context request) {
    var views = workbenches.all().stream().map(WorkbenchView::of).toList();
    answer(request, 200, Map.of("workbenches", views));
  }

  private void show(Context request) {
    answer(request, 200, WorkbenchView.of(workbench(request)));
  }

  private void remove(Context request) {
    var id = request.pathParam("workbench");
    if (!workbenches.remove(id)) {
      throw RequestRefused.noWorkbench(id);
    }
    request.status(204);
  }

  private void startProcess(Context request) throws IOException {
    var workbench = workbench(request);
    var spec = ApiJson.read(body(request), ExecRequest.class).in(workbench);
    answer(request, 201, ProcessView.of(workbench.processes().start(spec)));
  }

  private void listProcesses(Context request) {
    var views = workbench(request).processes().all().stream().map(ProcessView::of).toList();
    answer(request, 200, Map.of("processes", views));
  }

  private void signal(Context request) throws IOException {
    var process = process(request);
    process.execution().signal(ApiJson.read(body(request), SignalRequest.class).signal());
    request.status(204);
  }

  /** What a process is sent, by number. */
  record SignalRequest(int signal) {}

  private BackgroundProcess process(Context request) {
    return process(workbench(request), request.pathParam("process"));
  }

  private static BackgroundProcess process(LiveWorkbench workbench, String id) {
    return workbench.processes().find(id).orElseThrow(() -> RequestRefused.noProcess(id));
  }

  private LiveWorkbench workbench(Context request) {
    return find(request.pathParam("workbench"));
  }

  private LiveWorkbench find(String idOrName) {
    return workbenches.find(idOrName).orElseThrow(() -> RequestRefused.noWorkbench(idOrName));
  }

  static byte[] body(Context request) throws IOException {
    byte[] body = request.req().getInputStream().readNBytes(MOST_BODY + 1);
    if (body.length > MOST_BODY) {
      throw RequestRefused.tooLarge(MOST_BODY);
    }
    return body;
  }

  static void answer(Context request, int status, Object value) {
    request.status(status).contentType("application/json").result(ApiJson.text(value));
  }

  private void failed(Exception failure, Context request) {
    var error = ApiError.of(failure);
    if (error.isDefect()) {
      var trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      log.accept("%s %s failed: %s".formatted(request.method(), request.path(), trace));
    }
    answer(request, error.status(), error.body());
  }

  private void unknown(Context request) {
    if (request.res().getContentType() == null
        || !request.res().getContentType().startsWith("application/json")) {
      var message = "there is no `%s %s`".formatted(request.method(), request.path());
      answer(request, 404, new ApiError(404, "not_found", message).body());
    }
  }
}
