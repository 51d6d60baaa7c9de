package dev.holdfast.tool.lint;

/** How bad a finding is. */
public enum Severity {
  /** The tool will be refused by a provider, or does other than it says. */
  ERROR,
  /** Agents will choose or call it wrongly more often than they must. */
  WARNING
}
