/** The event log and its payloads, kept in SQLite and in files. */
@NullMarked
package dev.holdfast.store;

import org.jspecify.annotations.NullMarked;
