package dev.holdfast.policy.cedar;

import java.util.List;

/** Measures decisions a second; run by hand. */
final class Speed {
  private Speed() {}

  public static void main(String[] arguments) {
    var loaded = PolicyLoader.load(List.of(), List.of());
    var compiled = CompiledPolicies.of(loaded.json()).orElseThrow();
    var policy = CedarPolicy.defaults();
    var read = Requests.read("src/main/java/A.java");
    var shell = Requests.shell("cd sub && mvn -q test 2>&1 | tail -40");
    for (var round = 0; round < 3; round++) {
      for (var request : List.of(read, shell)) {
        var name = request.tool().name();
        var question = Questions.of(request, false);
        time(name + " engine", 5_000, () -> loaded.engine().evaluate(question));
        time(name + " compiled", 200_000, () -> compiled.evaluate(question));
        time(name + " whole decision", 100_000, () -> policy.decide(request, false));
      }
    }
  }

  private static void time(String what, int times, Runnable step) {
    var start = System.nanoTime();
    for (var i = 0; i < times; i++) {
      step.run();
    }
    var each = (System.nanoTime() - start) / times;
    System.out.printf("%-30s %8d ns  %10d/s%n", what, each, 1_000_000_000L / Math.max(1, each));
  }
}
