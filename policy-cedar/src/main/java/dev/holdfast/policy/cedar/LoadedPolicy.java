package dev.holdfast.policy.cedar;

/**
 * A policy of the loaded set.
 *
 * @param id from its {@code @id}
 * @param reason from its {@code @reason}
 * @param permits whether it permits; otherwise it forbids
 * @param from who brings it
 * @param where file and line
 * @param source as it is written
 */
public record LoadedPolicy(
    String id, String reason, boolean permits, PolicySource from, String where, String source) {}
