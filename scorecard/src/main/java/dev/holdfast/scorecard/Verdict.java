package dev.holdfast.scorecard;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What came of an attack. */
public sealed interface Verdict {
  /**
   * One attempt that led nowhere, and why: the name of an errno or signal, or a word. {@link
   * #INSIDE} stands for one that worked and touched the layer's own kernel alone.
   */
  record Attempt(String what, String reason) {}

  /** The reason of attempts that {@link Attack.Inside} knows as harmless. */
  String INSIDE = "inside-only";

  /** Every attempt was refused for a reason that counts, and the host is as it was. */
  record Held(List<Attempt> attempts) implements Verdict {
    public Held {
      attempts = List.copyOf(attempts);
    }
  }

  /** Something worked that must not: {@code evidence} has a line for each. */
  record Broken(List<String> evidence) implements Verdict {
    public Broken {
      evidence = List.copyOf(evidence);
    }
  }

  /** Nobody knows: an attempt failed for a reason that does not count, or was never made. */
  record Unclear(List<String> why) implements Verdict {
    public Unclear {
      why = List.copyOf(why);
    }
  }

  /** It has no meaning on this layer, and was not made. */
  record Inapplicable(String reason) implements Verdict {}

  /**
   * Judges what the attacking program printed.
   *
   * @param counts whether an attempt may fail for that reason
   * @param inside whether an attempt may work, as what it reaches is inside
   */
  static Verdict of(String output, Predicate<String> counts, Predicate<String> inside) {
    var attempts = new ArrayList<Attempt>();
    var evidence = new ArrayList<String>();
    var why = new ArrayList<String>();
    for (String line : output.lines().toList()) {
      String[] words = line.strip().split("\t", -1);
      if (words.length == 3 && words[0].equals("held") && counts.test(words[2])) {
        attempts.add(new Attempt(words[1], words[2]));
      } else if (words.length == 3 && words[0].equals("broken") && inside.test(words[1])) {
        attempts.add(new Attempt(words[1], INSIDE));
      } else if (words.length == 3 && words[0].equals("broken")) {
        evidence.add(words[1] + ": " + words[2]);
      } else {
        why.add(line.strip());
      }
    }
    if (!evidence.isEmpty()) {
      return new Broken(evidence);
    }
    if (attempts.isEmpty()) {
      why.add("no attempt was reported");
    }
    return why.isEmpty() ? new Held(attempts) : new Unclear(why);
  }
}
