/**
 * The WASM layer: WebAssembly modules in this process, as functions and as programs of a workbench.
 * A program's files are bytes in memory: no type that a program's calls reach can name a file of
 * the host.
 */
@NullMarked
package dev.holdfast.workbench.wasm;

import org.jspecify.annotations.NullMarked;
