package dev.holdfast.policy.shell;

/**
 * The circumstances of one command.
 *
 * @param input its standard input, when that is literal text in the script
 * @param hasInput whether {@code input} is known
 * @param depth how deep it is nested in other commands
 */
record Run(String input, boolean hasInput, int depth) {
  Run deeper() {
    return new Run(input, hasInput, depth + 1);
  }
}
