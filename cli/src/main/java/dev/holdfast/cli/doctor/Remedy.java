package dev.holdfast.cli.doctor;

import java.util.List;

/**
 * How to mend something.
 *
 * @param packages Debian packages whose installation mends it; empty when that is not enough
 * @param command what a person types; empty when nothing helps
 */
record Remedy(List<String> packages, String command) {
  static final Remedy NONE = new Remedy(List.of(), "");

  Remedy {
    packages = List.copyOf(packages);
  }

  static Remedy install(String... packages) {
    return new Remedy(List.of(packages), "sudo apt-get install -y " + String.join(" ", packages));
  }

  static Remedy run(String command) {
    return new Remedy(List.of(), command);
  }
}
