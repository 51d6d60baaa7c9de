package dev.holdfast.harness.model;

/** A model did not answer. */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ModelFailure failure;

  public ModelException(ModelFailure failure) {
    super(failure.message());
    this.failure = failure;
  }

  public ModelException(ModelFailure failure, Throwable cause) {
    super(failure.message(), cause);
    this.failure = failure;
  }

  public ModelFailure failure() {
    return failure;
  }
}
