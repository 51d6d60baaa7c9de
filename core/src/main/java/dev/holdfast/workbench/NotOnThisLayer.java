package dev.holdfast.workbench;

/** A workbench was asked for what its layer cannot do; another layer can. */
public final class NotOnThisLayer extends WorkbenchException {
  private static final long serialVersionUID = 1L;

  private final Capability capability;

  public NotOnThisLayer(Layer layer, Capability capability, String what) {
    super("layer `%s` has no %s: another layer has".formatted(layer, what));
    this.capability = capability;
  }

  public Capability capability() {
    return capability;
  }
}
