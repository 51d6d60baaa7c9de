package dev.holdfast.workbench.guest;

/**
 * The guest sent bytes that the protocol does not allow; nothing that it says is believed any more.
 */
final class ProtocolViolation extends Exception {
  private static final long serialVersionUID = 1L;

  ProtocolViolation(String message) {
    super(message);
  }
}
