/** Tests of what goes on in workbenches that stay. */
@NullMarked
package dev.holdfast.server.workbench;

import org.jspecify.annotations.NullMarked;
