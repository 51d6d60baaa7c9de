package dev.holdfast.lease;

/**
 * One process, named so that it cannot be mistaken for a later one with the same number.
 *
 * @param pid its number
 * @param startTicks when it started, in clock ticks since boot (field 22 of {@code /proc/PID/stat})
 * @param bootId the kernel's boot that it runs under
 * @param pidNamespace the namespace that {@code pid} counts in
 */
public record Owner(long pid, long startTicks, String bootId, String pidNamespace) {}
