package dev.holdfast.harness.model;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a provider's error means. */
final class Failures {
  private static final int LONGEST_MESSAGE = 500;
  private static final Pattern TOO_LONG =
      Pattern.compile(
          "prompt is too long|context[_ ]length|maximum context|context window|too many input tokens"
              + "|input token count|exceeds the maximum number of tokens|request_too_large");
  private static final Pattern NO_MONEY =
      Pattern.compile("insufficient_quota|credit balance is too low|billing");
  private static final Pattern BUSY = Pattern.compile("overloaded");
  private static final Pattern LIMITED = Pattern.compile("rate_limit|resource_exhausted");
  private static final Pattern KEY = Pattern.compile("authentication_error|permission_error");
  private static final Pattern RETRY_IN =
      Pattern.compile("retry(?:delay\\W{1,4}| in )(\\d{1,6}(?:\\.\\d{1,9})?) ?s");

  private final String key;

  /**
   * @param key is cut out of messages, should a provider repeat it
   */
  Failures(String key) {
    this.key = key;
  }

  /**
   * The failure that an error answer stands for.
   *
   * @param status of HTTP; 200 when the error came in the middle of a stream
   * @param text the error's body or message
   */
  ModelFailure of(int status, String text, Optional<Duration> retryAfter) {
    var lower = text.toLowerCase(Locale.ROOT);
    var message = message("the provider answered %d: %s".formatted(status, text));
    var wait = retryAfter.or(() -> retryIn(lower));
    if (status == 401
        || status == 403
        || KEY.matcher(lower).find()
        || NO_MONEY.matcher(lower).find()) {
      return new ModelFailure.Unauthorized(message);
    }
    if (status == 413 || (status < 429 && TOO_LONG.matcher(lower).find())) {
      return new ModelFailure.ContextTooLong(message);
    }
    if (status == 429 || (status == 200 && LIMITED.matcher(lower).find())) {
      return new ModelFailure.RateLimited(message, wait);
    }
    if (status == 503 || status == 529 || BUSY.matcher(lower).find()) {
      return new ModelFailure.Overloaded(message, wait);
    }
    boolean passing = status < 400 || status >= 500 || status == 408 || status == 409;
    return passing ? new ModelFailure.Unavailable(message) : new ModelFailure.Rejected(message);
  }

  /** The provider cannot be reached, or what it sent cannot be read. */
  ModelFailure unavailable(Throwable cause) {
    var why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    var root = cause.getCause();
    var deeper = root == null || root.getMessage() == null ? "" : ": " + root.getMessage();
    return new ModelFailure.Unavailable(message("the provider does not answer: " + why + deeper));
  }

  /** One line, short, and without the key. */
  String message(String text) {
    var line = text.replaceAll("\\p{Cntrl}+", " ");
    var safe = key.isEmpty() ? line : line.replace(key, "[key]");
    return safe.length() <= LONGEST_MESSAGE ? safe : safe.substring(0, LONGEST_MESSAGE) + "…";
  }

  /** Reads a {@code retry-after} header: seconds, or a date. */
  static Optional<Duration> retryAfter(Iterable<String> values) {
    for (var value : values) {
      try {
        if (value.matches("\\d{1,6}(\\.\\d{1,9})?")) {
          return Optional.of(seconds(value));
        }
        var at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        var wait = Duration.between(Instant.now(), at);
        return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
      } catch (DateTimeParseException _) {
        // Not a form that the standard knows: as if it had not been sent.
      }
    }
    return Optional.empty();
  }

  private static Optional<Duration> retryIn(String text) {
    var found = RETRY_IN.matcher(text);
    return found.find() ? Optional.of(seconds(found.group(1))) : Optional.empty();
  }

  private static Duration seconds(String text) {
    return Duration.ofMillis((long) (Double.parseDouble(text) * 1000));
  }
}
