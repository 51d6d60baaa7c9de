package dev.holdfast.policy.shell;

/** A file that the shell itself opens for a command. Its name is always literal. */
public record Redirect(String path, boolean writes) {}
