/**
 * Workspaces as overlays: a shared base tree below, a size-capped image with the changes above.
 *
 * <p>Whatever lies in an upper directory was written by an agent and is hostile: it is read by
 * descriptor, one name at a time, never through a link, and no git ever runs on it.
 */
@NullMarked
package dev.holdfast.workspace.overlay;

import org.jspecify.annotations.NullMarked;
