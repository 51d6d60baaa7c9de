/** Which tools there are, and whether a call fits one of them. */
@NullMarked
package dev.holdfast.tool.registry;

import org.jspecify.annotations.NullMarked;
