package dev.holdfast.server.api;

import dev.holdfast.workbench.ExecSpec.TerminalSize;
import java.util.Optional;

/** What a client says to a program beside its input. */
record ExecControl(Optional<Integer> signal, Optional<TerminalSize> resize, boolean endOfInput) {}
