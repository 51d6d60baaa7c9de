package dev.holdfast.bench;

import dev.holdfast.workspace.Workspace;
import java.lang.reflect.Proxy;

/** A workspace that calls without a process are given; touching it ends the measurement. */
final class Untouched {
  private Untouched() {}

  static Workspace workspace() {
    return (Workspace)
        Proxy.newProxyInstance(
            Workspace.class.getClassLoader(),
            new Class<?>[] {Workspace.class},
            (_, method, _) -> {
              throw new BenchException(
                  "a measured call used the workspace: `%s`".formatted(method.getName()));
            });
  }
}
