package dev.holdfast.policy.shell;

/** Which shell runs a script. */
enum Dialect {
  BASH,
  /** Any POSIX shell: bash's own syntax may mean something else there, or nothing. */
  SH
}
