/** Tests of the commands about runs. */
@NullMarked
package dev.holdfast.cli.run;

import org.jspecify.annotations.NullMarked;
