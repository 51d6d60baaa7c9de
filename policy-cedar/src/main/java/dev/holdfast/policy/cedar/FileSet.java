package dev.holdfast.policy.cedar;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Gathers paths and describes them as the schema's {@code Files}. */
final class FileSet {
  /** Nothing: most requests read or write no file by name. */
  static final Map<String, Object> EMPTY = new FileSet().toRecord();

  private static final String WORKSPACE = "/workspace";

  /** Places in the workbench that vanish with it, and devices that keep nothing. */
  private static final Pattern SCRATCH =
      Pattern.compile(
          "/(tmp|var/tmp|home/agent)(/.*)?|/dev/(null|zero|full|stdin|stdout|stderr|tty|fd/.*)");

  private final Set<String> paths = new LinkedHashSet<>();
  private final Set<String> directories = new LinkedHashSet<>();
  private final Set<String> top = new LinkedHashSet<>();
  private final Set<String> kinds = new LinkedHashSet<>();
  private final Set<String> outside = new LinkedHashSet<>();

  /** Adds {@code path} as seen from {@code directory}, which is relative to the workspace. */
  void add(String directory, String path) {
    var full = full(directory, path);
    var normal = normalise(full);
    if (normal.equals(WORKSPACE) || normal.startsWith(WORKSPACE + "/")) {
      inside(normal.substring(Math.min(normal.length(), WORKSPACE.length() + 1)));
    } else if (!SCRATCH.matcher(normal).matches()) {
      outside.add(path);
      FileKinds.addTo(kinds, normal);
    } else {
      FileKinds.addTo(kinds, normal);
    }
  }

  /** Adds a place that is not known. */
  void addUnknown() {
    outside.add("/");
  }

  private static String full(String directory, String path) {
    if (path.startsWith("~")) {
      return "/home/agent" + path.substring(1);
    }
    if (path.startsWith("/")) {
      return path;
    }
    return (directory.startsWith("/") ? directory : WORKSPACE + "/" + directory) + "/" + path;
  }

  private void inside(String path) {
    var name = path.isEmpty() ? "." : path;
    if (!paths.add(name)) {
      return;
    }
    FileKinds.addTo(kinds, path);
    var first = path.indexOf('/');
    top.add(first < 0 ? name : path.substring(0, first));
    for (var slash = first; slash >= 0; slash = path.indexOf('/', slash + 1)) {
      directories.add(path.substring(0, slash));
    }
  }

  /** Resolves empty parts, {@code .} and {@code ..} of an absolute path. */
  static String normalise(String path) {
    List<String> parts = new ArrayList<>();
    for (var part : path.split("/", -1)) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return "/" + String.join("/", parts);
  }

  Map<String, Object> toRecord() {
    return Map.of(
        "paths", paths, "directories", directories, "top", top, "kinds", kinds, "outside", outside);
  }
}
