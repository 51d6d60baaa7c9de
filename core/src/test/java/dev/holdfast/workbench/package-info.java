@NullMarked
package dev.holdfast.workbench;

import org.jspecify.annotations.NullMarked;
