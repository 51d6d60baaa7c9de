package dev.holdfast.image.store;

import dev.holdfast.image.format.Descriptor;

/** Hears how a pull goes. Called from several threads. */
public interface Progress {
  /** What has become of a layer. */
  enum Step {
    /** It was here already. */
    PRESENT,
    /** It has been fetched and is what its digest says. */
    FETCHED,
    /** It has been unpacked. */
    UNPACKED
  }

  void layer(Descriptor layer, Step step);

  /** Tells nobody. */
  static Progress none() {
    return (_, _) -> {};
  }
}
