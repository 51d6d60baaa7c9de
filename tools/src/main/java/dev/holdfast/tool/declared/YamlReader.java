package dev.holdfast.tool.declared;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one YAML document with the lines of its values. Anchors, aliases, tags, a second document,
 * a name given twice and deep nesting are refused: a declaration needs none of them, and each has
 * been used to make readers disagree or run out of memory.
 */
final class YamlReader {
  private static final int MOST_DEPTH = 32;

  private final String file;
  private final Iterator<Event> events;

  private YamlReader(String file, Iterator<Event> events) {
    this.file = file;
    this.events = events;
  }

  /**
   * Reads {@code text}.
   *
   * @throws DeclarationException when it is not such a document
   */
  static Yaml read(String file, String text) {
    var settings = LoadSettings.builder().setLabel(file).build();
    try {
      var reader = new YamlReader(file, new Parse(settings).parseString(text).iterator());
      return reader.document();
    } catch (MarkedYamlEngineException e) {
      throw new DeclarationException(
          file, line(e.getProblemMark()), "this is not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw new DeclarationException(file, 0, "this is not YAML: " + e.getMessage());
    }
  }

  private Yaml document() {
    events.next(); // the stream's start
    if (events.next() instanceof StreamEndEvent) {
      throw new DeclarationException(file, 1, "the file is empty: it must declare a tool");
    }
    var value = value(events.next(), 0);
    if (!(events.next() instanceof DocumentEndEvent)
        || !(events.next() instanceof StreamEndEvent)) {
      throw new DeclarationException(
          file, value.line(), "there is a second document: one file declares one tool");
    }
    return value;
  }

  private Yaml value(Event event, int depth) {
    int line = line(event.getStartMark());
    if (depth > MOST_DEPTH) {
      throw new DeclarationException(
          file, line, "this is nested more than %d deep".formatted(MOST_DEPTH));
    }
    if (event instanceof AliasEvent
        || (event instanceof NodeEvent node && node.getAnchor().isPresent())) {
      throw new DeclarationException(
          file, line, "anchors (`&`) and aliases (`*`) are not allowed: write it out");
    }
    return switch (event) {
      case ScalarEvent scalar -> {
        refuseTag(scalar.getTag(), line);
        yield new Yaml.Scalar(scalar.getValue(), scalar.isPlain(), line);
      }
      case SequenceStartEvent start -> {
        refuseTag(start.getTag(), line);
        yield sequence(line, depth);
      }
      case MappingStartEvent start -> {
        refuseTag(start.getTag(), line);
        yield mapping(line, depth);
      }
      default -> throw new DeclarationException(file, line, "a value was expected here");
    };
  }

  private Yaml sequence(int line, int depth) {
    var items = new ArrayList<Yaml>();
    for (var next = events.next(); !(next instanceof SequenceEndEvent); next = events.next()) {
      items.add(value(next, depth + 1));
    }
    return new Yaml.Sequence(items, line);
  }

  private Yaml mapping(int line, int depth) {
    var entries = new LinkedHashMap<String, Yaml>();
    for (var next = events.next(); !(next instanceof MappingEndEvent); next = events.next()) {
      if (!(value(next, depth + 1) instanceof Yaml.Scalar(String name, _, int at))) {
        throw new DeclarationException(
            file, line(next.getStartMark()), "a name before `:` must be plain text");
      }
      if (entries.put(name, value(events.next(), depth + 1)) != null) {
        throw new DeclarationException(file, at, "`%s` is given twice".formatted(name));
      }
    }
    return new Yaml.Mapping(entries, line);
  }

  private void refuseTag(Optional<String> tag, int line) {
    if (tag.isPresent() && !tag.get().equals("!")) {
      throw new DeclarationException(
          file, line, "the tag `%s` is not allowed: values have no tags".formatted(tag.get()));
    }
  }

  private static int line(Optional<Mark> mark) {
    return mark.map(it -> it.getLine() + 1).orElse(0);
  }
}
