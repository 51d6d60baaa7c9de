package dev.holdfast.workbench.wasm;

import com.dylibso.chicory.runtime.Instance;
import com.dylibso.chicory.runtime.TableInstance;
import com.dylibso.chicory.wasm.types.Table;
import com.dylibso.chicory.wasm.types.TableLimits;

/**
 * Makes the tables of one instance. The engine's own write their growth into the module, where the
 * next instance would find it: here each gets limits of its own, and all together grow to {@link
 * ModuleScan#MOST_ELEMENTS} and no further.
 */
final class Tables {
  private int elements;

  TableInstance create(Table declared, int initial) {
    var limits = declared.limits();
    if (limits.min() > ModuleScan.MOST_ELEMENTS - elements) {
      throw new ModuleRefused(
          "its tables begin with more than `%d` elements".formatted(ModuleScan.MOST_ELEMENTS));
    }
    elements += (int) limits.min();
    var own = new TableLimits(limits.min(), Math.min(limits.max(), ModuleScan.MOST_ELEMENTS));
    return new Bounded(new Table(declared.elementType(), own, declared.initialize()), initial);
  }

  private final class Bounded extends TableInstance {
    Bounded(Table table, int initial) {
      super(table, initial);
    }

    @Override
    public int grow(int size, int value, Instance instance) {
      // Beyond what is left, also where adding would wrap around.
      if (size < 0 || size > ModuleScan.MOST_ELEMENTS - elements) {
        return -1;
      }
      int before = super.grow(size, value, instance);
      elements += before < 0 ? 0 : size;
      return before;
    }
  }
}
