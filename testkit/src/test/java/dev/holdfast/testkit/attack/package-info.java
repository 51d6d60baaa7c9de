/** Tests that attacks are judged rightly. */
@NullMarked
package dev.holdfast.testkit.attack;

import org.jspecify.annotations.NullMarked;
