/** Changes to text: exact replacements and unified diffs. Pure: no file is touched here. */
@NullMarked
package dev.holdfast.tool.edit;

import org.jspecify.annotations.NullMarked;
