/** Cedar behind the policy decider. */
@NullMarked
package dev.holdfast.policy.cedar;

import org.jspecify.annotations.NullMarked;
