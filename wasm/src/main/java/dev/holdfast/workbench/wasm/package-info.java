/**
 * The WASM layer: WebAssembly modules in this process, as functions and as programs of a workbench.
 * No type here can name a file of the host: a program's files are bytes in memory.
 */
@NullMarked
package dev.holdfast.workbench.wasm;

import org.jspecify.annotations.NullMarked;
