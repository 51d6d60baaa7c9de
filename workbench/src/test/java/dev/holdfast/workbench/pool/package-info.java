@NullMarked
package dev.holdfast.workbench.pool;

import org.jspecify.annotations.NullMarked;
