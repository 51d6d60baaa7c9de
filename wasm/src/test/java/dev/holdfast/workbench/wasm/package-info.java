@NullMarked
package dev.holdfast.workbench.wasm;

import org.jspecify.annotations.NullMarked;
