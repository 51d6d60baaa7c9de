package dev.holdfast.image.format;

import dev.holdfast.image.ImageException;
import dev.holdfast.image.Platform;
import java.util.List;

/** What a name in a registry leads to. */
public sealed interface Document {
  /**
   * One image.
   *
   * @param layers lowest first
   */
  record Manifest(Descriptor config, List<Descriptor> layers) implements Document {
    public Manifest {
      layers = List.copyOf(layers);
    }
  }

  /** The same image for several platforms. */
  record Index(List<Descriptor> manifests) implements Document {
    public Index {
      manifests = List.copyOf(manifests);
    }

    /**
     * The entry for a platform: the first that fits.
     *
     * @throws ImageException when there is none, with those that there are
     */
    public Descriptor choose(Platform wanted) {
      return manifests.stream()
          .filter(entry -> entry.platform().map(wanted::accepts).orElse(manifests.size() == 1))
          .findFirst()
          .orElseThrow(
              () ->
                  new ImageException(
                      "the image has nothing for `%s`: it is for %s".formatted(wanted, offered())));
    }

    private String offered() {
      var names =
          manifests.stream()
              .flatMap(entry -> entry.platform().stream())
              .filter(platform -> !platform.os().equals("unknown"))
              .map(platform -> "`" + platform + "`")
              .distinct()
              .limit(20)
              .toList();
      return names.isEmpty() ? "no platform at all" : String.join(", ", names);
    }
  }
}
