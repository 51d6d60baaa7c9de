/** A small project with a defect, for trying Holdfast out. */
@NullMarked
package dev.holdfast.cli.demo;

import org.jspecify.annotations.NullMarked;
