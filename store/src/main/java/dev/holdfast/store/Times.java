package dev.holdfast.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Instants as microseconds since 1970, the form that is stored and hashed. */
final class Times {
  private Times() {}

  static long micros(Instant at) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, at);
  }

  static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
