/**
 * Attacks on a workbench, the same on every layer: what each tries, the program that tries it, and
 * how its success would be recognised, inside and on the host.
 */
@NullMarked
package dev.holdfast.scorecard;

import org.jspecify.annotations.NullMarked;
