package dev.holdfast.server.wiring;

import dev.holdfast.image.Digest;
import dev.holdfast.image.store.ImageStore;
import dev.holdfast.image.store.Progress;
import dev.holdfast.workbench.Layer;
import dev.holdfast.workbench.Placement;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchEngine;
import dev.holdfast.workbench.WorkbenchEngines;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.docker.DockerEngine;
import dev.holdfast.workbench.docker.Endpoint;
import dev.holdfast.workbench.microvm.MicrovmEngine;
import dev.holdfast.workbench.oci.OciEngine;
import dev.holdfast.workbench.pool.WorkbenchPool;
import dev.holdfast.workbench.wasm.WasmEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** The engines of one state directory: which driver stands behind which layer. */
public final class Engines implements WorkbenchEngines, AutoCloseable {
  /**
   * The host's id that workspaces belong to. It is the same on every layer, so that a run can move
   * from one to another.
   */
  public static final int OWNER = OciEngine.OWNER;

  private final Path home;
  private final Map<Digest, ImageStore.LaidOut> uses = new HashMap<>();
  private final Map<String, String> env;
  private final Map<Layer, WorkbenchEngine> open = new EnumMap<>(Layer.class);

  /**
   * Opens nothing yet.
   *
   * @param env the environment that says where daemons are and which monitor runs microVMs
   */
  public Engines(Path home, Map<String, String> env) {
    this.home = home;
    this.env = Map.copyOf(env);
  }

  @Override
  public synchronized WorkbenchEngine of(Layer layer) {
    var known = open.get(layer);
    if (known != null) {
      return known;
    }
    var engine = open(layer);
    if (engine.owner() != OWNER) {
      engine.close();
      throw new WorkbenchException(
          "layer `%s` gives workspaces to id `%d`: it must be `%d`, as on every layer"
              .formatted(layer, engine.owner(), OWNER));
    }
    open.put(layer, engine);
    return engine;
  }

  private WorkbenchEngine open(Layer layer) {
    return switch (layer) {
      case CONTAINER -> WorkbenchPool.ofExpected(OciEngine.open(home));
      case GVISOR -> OciEngine.openGvisor(home);
      case MICROVM -> WorkbenchPool.ofExpected(MicrovmEngine.open(home, env));
      case WASM -> new WasmEngine();
      case DOCKER, KATA ->
          WorkbenchPool.ofExpected(DockerEngine.open(layer, home, Endpoint.of(layer, env)));
      case PODMAN -> WorkbenchPool.ofExpected(DockerEngine.openPodman(home, env));
    };
  }

  @Override
  public synchronized Root root(Placement placement) {
    if (placement.image().isEmpty()) {
      return new Root.Host();
    }
    var digest = placement.image().get();
    var inUse = uses.get(digest);
    if (inUse != null) {
      return inUse.root();
    }
    try {
      var store = ImageStore.in(home);
      var image =
          store
              .find(digest)
              .orElseThrow(
                  () ->
                      new WorkbenchException(
                          "image `%s` is not here any more: pull it again".formatted(digest)));
      var laidOut = store.layOut(image, Progress.none());
      uses.put(digest, laidOut);
      return laidOut.root();
    } catch (IOException e) {
      throw new WorkbenchException(
          "image `%s` cannot be used: %s".formatted(digest, e.getMessage()), e);
    }
  }

  /** The workbenches end before what they stand on is given up. */
  @Override
  public synchronized void close() {
    open.values().forEach(WorkbenchEngine::close);
    open.clear();
    uses.values().forEach(ImageStore.LaidOut::close);
    uses.clear();
  }
}
