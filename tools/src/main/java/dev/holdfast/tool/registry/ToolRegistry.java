package dev.holdfast.tool.registry;

import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Tool;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.tool.ToolError;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.SequencedCollection;
import java.util.TreeMap;

/**
 * The tools that can be called, by name. Several versions of a tool may be there: the name alone
 * means the newest, {@code name@version} exactly that one. Immutable.
 */
public final class ToolRegistry {
  private final NavigableMap<String, NavigableMap<Version, Tool>> tools = new TreeMap<>();

  /**
   * A registry of {@code tools}.
   *
   * @throws IllegalArgumentException when two have the same name and version
   */
  public ToolRegistry(Collection<? extends Tool> tools) {
    for (var tool : tools) {
      var definition = tool.definition();
      var versions = this.tools.computeIfAbsent(definition.name(), _ -> new TreeMap<>());
      if (versions.putIfAbsent(Version.parse(definition.version()), tool) != null) {
        throw new IllegalArgumentException(
            "tool `%s` version `%s` is there twice: names and versions are unique"
                .formatted(definition.name(), definition.version()));
      }
    }
  }

  /** What a name stands for. */
  public sealed interface Resolution {}

  /** The tool. */
  public record Found(Tool tool) implements Resolution {}

  /** No tool; the error says which names there are. */
  public record Unknown(ToolError error) implements Resolution {}

  /** Finds the tool that {@code name} or {@code name@version} stands for. */
  public Resolution resolve(String name) {
    var at = name.indexOf('@');
    var versions = tools.get(at < 0 ? name : name.substring(0, at));
    if (versions == null) {
      return unknown(name);
    }
    if (at < 0) {
      return new Found(versions.lastEntry().getValue());
    }
    var wanted = name.substring(at + 1);
    for (var entry : versions.entrySet()) {
      if (entry.getKey().text().equals(wanted)) {
        return new Found(entry.getValue());
      }
    }
    return new Unknown(
        new ToolError(
            ErrorCode.UNKNOWN_TOOL,
            "there is no version `%s` of `%s`".formatted(wanted, name.substring(0, at)),
            "the versions are: "
                + String.join(", ", versions.keySet().stream().map(Version::text).toList())));
  }

  /** The newest version of every tool, sorted by name. */
  public List<Tool> newest() {
    return tools.values().stream().map(versions -> versions.lastEntry().getValue()).toList();
  }

  /** The definitions of {@link #newest()}. */
  public List<ToolDefinition> definitions() {
    return newest().stream().map(Tool::definition).toList();
  }

  /** The tools of this registry that are in {@code set}, all their versions. */
  public ToolRegistry select(Toolset set) {
    return new ToolRegistry(
        tools.entrySet().stream()
            .filter(entry -> set.contains(entry.getKey()))
            .flatMap(entry -> entry.getValue().values().stream())
            .toList());
  }

  /** This registry's tools and {@code more}. */
  public ToolRegistry with(SequencedCollection<? extends Tool> more) {
    var all = new java.util.ArrayList<Tool>();
    tools.values().forEach(versions -> all.addAll(versions.values()));
    all.addAll(more);
    return new ToolRegistry(all);
  }

  private Unknown unknown(String name) {
    var near = DidYouMean.nearest(name, tools.keySet());
    var shown = name.length() > 80 ? name.substring(0, 80) + "…" : name;
    var hint = near.isEmpty() ? "" : "did you mean `%s`? ".formatted(String.join("` or `", near));
    return new Unknown(
        new ToolError(
            ErrorCode.UNKNOWN_TOOL,
            "there is no tool `%s`".formatted(shown),
            hint + "the tools are: " + String.join(", ", tools.keySet())));
  }

  private record Version(int major, int minor, int patch, String text)
      implements Comparable<Version> {
    private static final Comparator<Version> ORDER =
        Comparator.comparingInt(Version::major)
            .thenComparingInt(Version::minor)
            .thenComparingInt(Version::patch);

    static Version parse(String text) {
      if (!text.matches("\\d{1,6}\\.\\d{1,6}\\.\\d{1,6}")) {
        throw new IllegalArgumentException(
            "tool version `%s` is not allowed: it is three numbers, like `1.0.0`".formatted(text));
      }
      var parts = text.split("\\.", -1);
      return new Version(
          Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), text);
    }

    @Override
    public int compareTo(Version other) {
      return ORDER.compare(this, other);
    }
  }
}
