package dev.holdfast.server.api;

import dev.holdfast.server.workbench.LiveWorkbench;
import dev.holdfast.server.workbench.LiveWorkbenches;
import dev.holdfast.server.workbench.SavedSession;
import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Holding workbenches still, saving them, and making others that go on from there. */
final class CheckpointRoutes {
  private static final String CHECKPOINTS = "/v1/checkpoints";
  private static final String CHECKPOINT = CHECKPOINTS + "/{checkpoint}";

  private final LiveWorkbenches workbenches;
  private final Function<Context, LiveWorkbench> workbench;

  CheckpointRoutes(LiveWorkbenches workbenches, Function<Context, LiveWorkbench> workbench) {
    this.workbenches = workbenches;
    this.workbench = workbench;
  }

  /**
   * @param path of a workbench
   */
  void addTo(RoutesConfig routes, String path) {
    routes.post(path + "/pause", request -> done(request, LiveWorkbench::pause));
    routes.post(path + "/resume", request -> done(request, LiveWorkbench::resume));
    routes.post(path + "/checkpoints", this::take);
    routes.post(path + "/fork", this::fork);
    routes.get(CHECKPOINTS, this::list);
    routes.get(CHECKPOINT, request -> Api.answer(request, 200, CheckpointView.of(named(request))));
    routes.delete(CHECKPOINT, this::remove);
    routes.post(CHECKPOINT + "/restore", this::restore);
  }

  /** What is saved, and how it is called. */
  record TakeRequest(Optional<String> name, boolean memory) {}

  /** How many, and whether programs go on in them. */
  record ForkRequest(int count, boolean memory) {}

  /** How many, how the only one is called, and whether no program goes on in them. */
  record RestoreRequest(int count, Optional<String> name, boolean filesOnly) {}

  /** Something that is done to a workbench and has no answer. */
  private interface Act {
    void on(LiveWorkbench workbench);
  }

  private void done(Context request, Act act) {
    act.on(workbench.apply(request));
    request.status(204);
  }

  private void take(Context request) throws IOException {
    var asked = ApiJson.read(Api.body(request), TakeRequest.class);
    var saved =
        workbenches.checkpoints().take(workbench.apply(request), asked.name(), asked.memory());
    Api.answer(request, 201, CheckpointView.of(saved));
  }

  private void fork(Context request) throws IOException {
    var asked = ApiJson.read(Api.body(request), ForkRequest.class);
    made(request, workbenches.fork(workbench.apply(request), asked.count(), asked.memory()));
  }

  private void restore(Context request) throws IOException {
    var asked = ApiJson.read(Api.body(request), RestoreRequest.class);
    var most = asked.filesOnly() ? Content.FILES : Content.FILES_AND_MEMORY;
    made(request, workbenches.restore(named(request), most, asked.name(), asked.count()));
  }

  private static void made(Context request, List<LiveWorkbench> made) {
    var views = made.stream().map(WorkbenchView::of).toList();
    Api.answer(request, 201, Map.of("workbenches", views));
  }

  private void list(Context request) {
    var views = workbenches.checkpoints().all().stream().map(CheckpointView::of).toList();
    Api.answer(request, 200, Map.of("checkpoints", views));
  }

  private void remove(Context request) {
    workbenches.checkpoints().remove(named(request));
    request.status(204);
  }

  private SavedSession named(Context request) {
    var id = request.pathParam("checkpoint");
    return workbenches.checkpoints().find(id).orElseThrow(() -> RequestRefused.noCheckpoint(id));
  }
}
