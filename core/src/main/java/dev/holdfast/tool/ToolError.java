package dev.holdfast.tool;

/**
 * An error written for a model.
 *
 * @param message what was wrong, with the offending value
 * @param next what is allowed, and what to do now
 */
public record ToolError(ErrorCode code, String message, String next) {}
