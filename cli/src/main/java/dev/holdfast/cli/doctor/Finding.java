package dev.holdfast.cli.doctor;

/** What a check saw. */
sealed interface Finding {
  /** What was seen, in a few words. */
  String detail();

  /** It does what Holdfast needs; that was tried, not concluded from a version. */
  record Works(String detail) implements Finding {}

  /** It is missing or does not do what Holdfast needs. */
  record Broken(String detail, Remedy remedy) implements Finding {}

  static Finding works(String detail) {
    return new Works(detail);
  }

  static Finding broken(String detail, Remedy remedy) {
    return new Broken(detail, remedy);
  }
}
