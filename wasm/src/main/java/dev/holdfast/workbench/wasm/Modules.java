package dev.holdfast.workbench.wasm;

import dev.holdfast.workbench.FunctionModule;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The modules that were called last, compiled, by their digest. Thread-safe. */
final class Modules {
  /** Each holds classes of the Java machine. */
  private static final int MOST = 32;

  private final Map<String, Compiled> known =
      new LinkedHashMap<>(MOST, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Compiled> eldest) {
          return size() > MOST;
        }
      };

  /**
   * The module, compiled now when it was not known; two callers may do that at once.
   *
   * @throws ModuleRefused when it is not allowed
   */
  Compiled compiled(FunctionModule module) {
    var compiled = get(module.sha256());
    if (compiled == null) {
      compiled = Compiled.of(module.bytes());
      put(module.sha256(), compiled);
    }
    return compiled;
  }

  private synchronized @Nullable Compiled get(String digest) {
    return known.get(digest);
  }

  private synchronized void put(String digest, Compiled compiled) {
    known.put(digest, compiled);
  }
}
