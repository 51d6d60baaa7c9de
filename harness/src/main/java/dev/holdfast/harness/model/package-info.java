/** Language models behind one interface: messages in, one streamed answer out. */
@NullMarked
package dev.holdfast.harness.model;

import org.jspecify.annotations.NullMarked;
