/** What this machine can do, and how to mend what it cannot. */
@NullMarked
package dev.holdfast.cli.doctor;

import org.jspecify.annotations.NullMarked;
