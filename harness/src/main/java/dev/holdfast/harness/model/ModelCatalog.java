package dev.holdfast.harness.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Windows and prices of models, as data; the longest matching prefix of a name wins. */
public final class ModelCatalog {
  /** A file in the state directory that adds to the built-in list and overrides it. */
  public static final String FILE = "models.yaml";

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final List<Entry> entries;

  record Sheet(List<Entry> models) {}

  /** One line of the list; what it leaves out is taken from {@link #facts()}'s rules. */
  record Entry(
      String match,
      int window,
      @JsonProperty("max_output") int maxOutput,
      double input,
      @Nullable Double cached,
      @JsonProperty("cache_write") @Nullable Double cacheWrite,
      double output) {
    Entry {
      Objects.requireNonNull(match, "`match` is missing");
    }

    ModelFacts facts() {
      return new ModelFacts(
          window,
          maxOutput,
          input,
          cached == null ? input : cached,
          cacheWrite == null ? input : cacheWrite,
          output);
    }
  }

  private ModelCatalog(List<Entry> entries) {
    this.entries = entries;
  }

  /** The built-in list, with what {@code models.yaml} in {@code home} says in front of it. */
  public static ModelCatalog load(Path home) {
    var own = home.resolve(FILE);
    var first = Files.exists(own) ? read(own) : Stream.<Entry>empty();
    return new ModelCatalog(Stream.concat(first, builtIn()).toList());
  }

  /** The facts of {@code name}; unknown models get a small window and high prices. */
  public ModelFacts facts(ModelName name) {
    var text = name.toString();
    Optional<Entry> best =
        entries.stream()
            .filter(entry -> text.startsWith(entry.match()))
            // max keeps the last of equals: the user's own entries come first, hence reversed.
            .sorted(Comparator.comparingInt((Entry entry) -> entry.match().length()).reversed())
            .findFirst();
    return best.orElseThrow(() -> new IllegalStateException("the list has no default")).facts();
  }

  private static Stream<Entry> builtIn() {
    try (var in = ModelCatalog.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the list of models is missing from this build");
      }
      return parse(in, "the built-in list of models");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Entry> read(Path file) {
    try (var in = Files.newInputStream(file)) {
      return parse(in, file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Entry> parse(InputStream in, String what) {
    try {
      var entries = YAML.readValue(in, Sheet.class).models();
      entries.forEach(Entry::facts);
      return entries.stream();
    } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
      throw new IllegalArgumentException(
          "`%s` is not a list of models: %s".formatted(what, e.getMessage()), e);
    }
  }
}
