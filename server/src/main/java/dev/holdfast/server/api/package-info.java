/** What the resident process offers over its socket. */
@NullMarked
package dev.holdfast.server.api;

import org.jspecify.annotations.NullMarked;
