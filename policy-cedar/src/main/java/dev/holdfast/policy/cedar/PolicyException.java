package dev.holdfast.policy.cedar;

/**
 * Policies were not loaded; the message names the file and line, what is wrong and what is allowed.
 */
public final class PolicyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PolicyException(String message) {
    super(message);
  }

  PolicyException(String message, Throwable cause) {
    super(message, cause);
  }
}
