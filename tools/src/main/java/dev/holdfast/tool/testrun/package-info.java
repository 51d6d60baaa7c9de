/** How projects run their tests, and what the output of test frameworks says. */
@NullMarked
package dev.holdfast.tool.testrun;

import org.jspecify.annotations.NullMarked;
