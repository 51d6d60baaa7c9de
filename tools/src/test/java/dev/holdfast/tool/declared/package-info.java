@NullMarked
package dev.holdfast.tool.declared;

import org.jspecify.annotations.NullMarked;
