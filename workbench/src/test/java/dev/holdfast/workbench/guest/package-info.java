@NullMarked
package dev.holdfast.workbench.guest;

import org.jspecify.annotations.NullMarked;
