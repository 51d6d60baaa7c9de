/** The host's end of the guest's channel: everything a layer needs beyond starting the guest. */
@NullMarked
package dev.holdfast.workbench.guest;

import org.jspecify.annotations.NullMarked;
