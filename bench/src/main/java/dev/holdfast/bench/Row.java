package dev.holdfast.bench;

/** One measurement that can be asked for by name. */
interface Row {
  String name();

  /** One line: what is measured, beside what. */
  String about();

  /**
   * Measures; bounded in time. Everything it starts is given to {@link Setting#ends()} first.
   *
   * @throws BenchException when ours cannot be measured here; it says why and what to do
   */
  Result measure(Setting setting) throws Exception;
}
