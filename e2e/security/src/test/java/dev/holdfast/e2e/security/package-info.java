/** Attacks from inside a workbench. */
@NullMarked
package dev.holdfast.e2e.security;

import org.jspecify.annotations.NullMarked;
