/** System tests: what a user does, on real parts. */
@NullMarked
package dev.holdfast.e2e.functional;

import org.jspecify.annotations.NullMarked;
