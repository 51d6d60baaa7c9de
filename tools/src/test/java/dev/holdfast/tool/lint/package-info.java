@NullMarked
package dev.holdfast.tool.lint;

import org.jspecify.annotations.NullMarked;
