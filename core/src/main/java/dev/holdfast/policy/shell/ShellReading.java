package dev.holdfast.policy.shell;

import java.util.List;
import java.util.Set;

/**
 * What a script would do, as far as its text tells.
 *
 * <p>When {@code unknown} is empty, every program that the shell would start by itself is in {@code
 * invocations}; there may be more than really run. What those programs do in turn is not known:
 * those that are given code of their own are in {@code opaque}.
 *
 * @param invocations in the order of the text
 * @param redirects files that the shell opens
 * @param directories literal targets of {@code cd}, in the order of the text
 * @param unknown why the script cannot be known completely; empty when it can
 * @param opaque names of programs that run code this reader does not read, such as {@code python}
 */
public record ShellReading(
    List<Invocation> invocations,
    List<Redirect> redirects,
    List<String> directories,
    Set<String> unknown,
    Set<String> opaque) {
  public ShellReading {
    invocations = List.copyOf(invocations);
    redirects = List.copyOf(redirects);
    directories = List.copyOf(directories);
    unknown = Set.copyOf(unknown);
    opaque = Set.copyOf(opaque);
  }
}
