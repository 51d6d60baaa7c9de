package dev.holdfast.run;

/** How much harm a task could do, judged at intake. */
public enum RiskTier {
  LOW,
  MEDIUM,
  HIGH
}
