/**
 * Reads shell scripts without running them: which programs would run, and which files they name.
 */
@NullMarked
package dev.holdfast.policy.shell;

import org.jspecify.annotations.NullMarked;
