package dev.holdfast.image.format;

import dev.holdfast.image.ImageException;
import java.util.List;

/**
 * What {@code docker save} says of an image in {@code manifest.json}: names of files beside it.
 *
 * @param layers lowest first
 */
public record SavedImage(String config, List<String> layers) {
  private static final int MOST_LAYERS = 512;

  public SavedImage {
    layers = List.copyOf(layers);
  }

  /**
   * Reads it.
   *
   * @throws ImageException when it tells of none, or of several
   */
  public static SavedImage read(byte[] json) {
    List<Fields> images = Fields.parseList(json, "manifest.json", 1);
    if (images.isEmpty()) {
      throw new ImageException("the archive holds no image");
    }
    Fields image = images.getFirst();
    return new SavedImage(image.requiredText("Config"), image.texts("Layers", MOST_LAYERS));
  }
}
