package dev.holdfast.image.build;

/** Hears how a build goes. Called from several threads, one at a time. */
public interface BuildListener {
  /** A step begins, or is taken over from an earlier build. */
  void step(String text, boolean cached);

  /** A line that a program of a step wrote: a stranger's. */
  void output(String line);

  /** What has no effect, or was left out. */
  void note(String text);
}
