@NullMarked
package dev.holdfast.tool.testrun;

import org.jspecify.annotations.NullMarked;
