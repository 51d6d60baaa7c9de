package dev.holdfast.harness.model;

import java.time.Duration;
import java.util.Optional;

/** Why a model did not answer. */
public sealed interface ModelFailure {
  /** For people: lower case, without keys or headers. */
  String message();

  /** Whether asking again, unchanged, can help. */
  default boolean retriable() {
    return switch (this) {
      case RateLimited _, Overloaded _, Unavailable _ -> true;
      case Rejected _, Unauthorized _, ContextTooLong _, Refused _ -> false;
    };
  }

  /** How long the provider asks us to wait. */
  default Optional<Duration> retryAfter() {
    return Optional.empty();
  }

  /** Too many requests or tokens for this key. */
  record RateLimited(String message, Optional<Duration> retryAfter) implements ModelFailure {}

  /** The provider has too much to do. */
  record Overloaded(String message, Optional<Duration> retryAfter) implements ModelFailure {}

  /** No answer, half an answer, or one that cannot be read. */
  record Unavailable(String message) implements ModelFailure {}

  /** The provider does not accept the request. */
  record Rejected(String message) implements ModelFailure {}

  /** The key is missing, wrong, or may not do this. */
  record Unauthorized(String message) implements ModelFailure {}

  /** The conversation does not fit the model's window. */
  record ContextTooLong(String message) implements ModelFailure {}

  /** The model or its provider declines to answer this. */
  record Refused(String message) implements ModelFailure {}
}
