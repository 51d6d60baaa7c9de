/** Contract suites, as main code: a driver's tests extend them. */
@NullMarked
package dev.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
