/** Tool definitions in the forms that model providers and protocols take. */
@NullMarked
package dev.holdfast.tool.export;

import org.jspecify.annotations.NullMarked;
