package dev.holdfast.tool;

import java.util.List;

/**
 * What a call would touch.
 *
 * @param paths relative to the workspace, as given
 * @param hosts names of hosts it would reach
 * @param script a shell script that it would run; empty when it runs none. It is parsed by the
 *     policy's shell reader, never matched as text
 * @param argv a program that it would run directly, with arguments; empty when it runs none
 */
public record Reach(List<String> paths, List<String> hosts, String script, List<String> argv) {
  public static final Reach NOTHING = new Reach(List.of(), List.of(), "", List.of());

  public Reach {
    paths = List.copyOf(paths);
    hosts = List.copyOf(hosts);
    argv = List.copyOf(argv);
  }

  public static Reach ofPaths(List<String> paths) {
    return new Reach(paths, List.of(), "", List.of());
  }

  public static Reach ofScript(String script) {
    return new Reach(List.of(), List.of(), script, List.of());
  }

  public static Reach ofArgv(List<String> argv) {
    return new Reach(List.of(), List.of(), "", argv);
  }
}
