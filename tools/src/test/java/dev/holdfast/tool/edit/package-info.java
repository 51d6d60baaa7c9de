/** Tests of changes to text. */
@NullMarked
package dev.holdfast.tool.edit;

import org.jspecify.annotations.NullMarked;
