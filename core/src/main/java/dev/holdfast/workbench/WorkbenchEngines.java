package dev.holdfast.workbench;

/** The engine of each layer, opened when it is first needed. Thread-safe. */
@FunctionalInterface
public interface WorkbenchEngines {
  /**
   * The engine of a layer.
   *
   * @throws WorkbenchException when the layer cannot work on this host, with what is missing and
   *     how to get it
   */
  WorkbenchEngine of(Layer layer);

  /**
   * The system of workbenches that are placed so, laid out and kept until these engines are closed.
   *
   * @throws WorkbenchException when its image is not here
   */
  default Root root(Placement placement) {
    if (placement.image().isPresent()) {
      throw new WorkbenchException(
          "image `%s` is not here: these engines have none".formatted(placement.image().get()));
    }
    return new Root.Host();
  }
}
