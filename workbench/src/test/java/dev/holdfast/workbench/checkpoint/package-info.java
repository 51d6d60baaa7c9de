@org.jspecify.annotations.NullMarked
package dev.holdfast.workbench.checkpoint;
