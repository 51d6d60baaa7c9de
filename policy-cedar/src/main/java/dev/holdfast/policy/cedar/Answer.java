package dev.holdfast.policy.cedar;

import java.util.Set;

/**
 * What Cedar says.
 *
 * @param policies ids of those that determined it
 * @param errors ids of those that could not be evaluated
 */
record Answer(boolean permitted, Set<String> policies, Set<String> errors) {}
