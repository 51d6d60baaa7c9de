@NullMarked
package dev.holdfast.harness.model;

import org.jspecify.annotations.NullMarked;
