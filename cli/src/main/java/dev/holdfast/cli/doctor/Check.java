package dev.holdfast.cli.doctor;

import java.util.function.Function;

/**
 * One thing that Holdfast needs or can use. Inspecting changes nothing and leaves nothing behind;
 * every program that it starts has a time limit.
 *
 * @param name its name in JSON; never changed
 * @param title what people call it
 * @param need whether Holdfast works without it
 * @param inspection looks
 */
record Check(String name, String title, Need need, Function<Host, Finding> inspection) {
  /** How much depends on it. */
  enum Need {
    REQUIRED,
    OPTIONAL
  }

  Finding inspect(Host host) {
    try {
      return inspection.apply(host);
    } catch (RuntimeException e) {
      // What cannot even be looked at does not work.
      return Finding.broken("could not be inspected: " + e.getMessage(), Remedy.NONE);
    }
  }
}
