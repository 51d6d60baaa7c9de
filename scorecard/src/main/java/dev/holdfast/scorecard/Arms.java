package dev.holdfast.scorecard;

import dev.holdfast.workbench.Workbench;
import java.util.Optional;

/** What attacks are made with: one program for a machine, or WebAssembly modules. */
interface Arms {
  /** Makes an attack in a workbench. */
  Blow strike(Attack attack, Workbench workbench);

  /** Whether a program that does nothing still works there. */
  boolean serves(Workbench workbench);

  /**
   * What came of it as far as the attacker knows.
   *
   * @param attempts a line for each attempt, as {@link Verdict#of} reads them
   * @param loot everything that it brought out
   * @param otherwise the verdict whatever the attempts say, unless the host was harmed
   */
  record Blow(String attempts, String loot, Optional<Verdict> otherwise) {}
}
