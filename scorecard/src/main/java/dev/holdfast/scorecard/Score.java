package dev.holdfast.scorecard;

import dev.holdfast.workbench.Layer;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How one layer did. */
public sealed interface Score {
  Layer layer();

  /** It was attacked: what came of each attack, in the order that they were made. */
  record Attacked(Layer layer, Map<Attack, Verdict> verdicts) implements Score {
    public Attacked {
      verdicts = Collections.unmodifiableMap(new LinkedHashMap<>(verdicts));
    }

    /** How many verdicts are of that kind. */
    public long count(Class<? extends Verdict> kind) {
      Collection<Verdict> all = verdicts.values();
      return all.stream().filter(kind::isInstance).count();
    }
  }

  /** This host has it not, so nothing is known of it here. */
  record NotHere(Layer layer, String reason) implements Score {}
}
