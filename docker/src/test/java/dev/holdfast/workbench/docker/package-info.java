@org.jspecify.annotations.NullMarked
package dev.holdfast.workbench.docker;
