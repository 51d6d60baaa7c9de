@NullMarked
package dev.holdfast.harness;

import org.jspecify.annotations.NullMarked;
