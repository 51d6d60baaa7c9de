/** What every layer's workbenches do, as tests that each driver runs. */
@NullMarked
package dev.holdfast.testkit.workbench;

import org.jspecify.annotations.NullMarked;
