package dev.holdfast.server.api;

import java.nio.file.Path;
import java.time.Instant;

/** What a server says of itself. */
public record Status(long pid, Instant started, Path socket) {}
