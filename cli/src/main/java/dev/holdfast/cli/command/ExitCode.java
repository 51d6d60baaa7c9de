package dev.holdfast.cli.command;

/**
 * How a command ends, as scripts see it. {@code holdfast exec} is the exception: it ends as the
 * program that it ran.
 */
public enum ExitCode {
  OK(0, "it did what was asked"),
  FAILED(1, "it tried and did not succeed"),
  USAGE(2, "the command line is wrong"),
  REFUSED(3, "policy refused it, or a person must approve first"),
  BUDGET(4, "a budget is used up; the run can be resumed with more"),
  ESCAPED(5, "an attack of the scorecard succeeded on a layer"),
  UNAVAILABLE(
      69, "something that it needs is missing on this machine; `holdfast doctor` says what"),
  INTERNAL(70, "a defect in holdfast; `--debug` shows where"),
  INTERRUPTED(130, "it was interrupted");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /** What the process exits with. */
  public int number() {
    return number;
  }

  /** What it tells, in a few words. */
  public String meaning() {
    return meaning;
  }
}
