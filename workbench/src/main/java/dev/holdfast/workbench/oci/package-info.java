/** Workbenches as hardened containers, through an OCI runtime. */
@NullMarked
package dev.holdfast.workbench.oci;

import org.jspecify.annotations.NullMarked;
