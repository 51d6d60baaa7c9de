/** The life of a run: intake, execution, approval, takeover, resume. */
@NullMarked
package dev.holdfast.runs;

import org.jspecify.annotations.NullMarked;
