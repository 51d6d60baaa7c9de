package dev.holdfast.run;

import java.time.Instant;

/**
 * An event in its place in a run's log.
 *
 * @param seq its number within the run, from 1, without gaps
 * @param at when it was recorded
 * @param previousHash the hash of the event before it; for the first, 64 zeros
 * @param hash SHA-256 over previousHash, run, seq, at and the event's stored bytes, in lower-case
 *     hexadecimal
 */
public record RecordedEvent(
    RunId run, long seq, Instant at, RunEvent event, String previousHash, String hash) {}
