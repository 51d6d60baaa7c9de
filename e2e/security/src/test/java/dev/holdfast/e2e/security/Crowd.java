package dev.holdfast.e2e.security;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** A program that makes many workbenches, so many at once, and holds them until it is killed. */
final class Crowd {
  private Crowd() {}

  public static void main(String[] args) throws Exception {
    var engine = OciEngine.open(Path.of(args[0]));
    int all = Integer.parseInt(args[1]);
    int atOnce = Integer.parseInt(args[2]);
    try (var makers = Executors.newFixedThreadPool(atOnce)) {
      Callable<Workbench> make = () -> engine.create(WorkbenchSpec.empty(Caps.DEFAULT));
      var made = makers.invokeAll(IntStream.range(0, all).mapToObj(_ -> make).toList());
      System.out.println("answered " + answers(made));
    }
    Thread.currentThread().join();
  }

  private static long answers(List<Future<Workbench>> made) throws Exception {
    long answered = 0;
    for (var workbench : made) {
      if (workbench.get().exec(ExecSpec.of("true")).succeeded()) {
        answered++;
      }
    }
    return answered;
  }
}
