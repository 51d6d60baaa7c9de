@NullMarked
package dev.holdfast.tool.builtin;

import org.jspecify.annotations.NullMarked;
