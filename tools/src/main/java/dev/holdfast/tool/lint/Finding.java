package dev.holdfast.tool.lint;

/**
 * Something wrong with a definition.
 *
 * @param rule its id, in kebab case
 * @param where file, and place in the definition
 * @param why what will go wrong
 * @param fix what to write instead
 */
public record Finding(
    String rule, Severity severity, String tool, String where, String why, String fix) {}
