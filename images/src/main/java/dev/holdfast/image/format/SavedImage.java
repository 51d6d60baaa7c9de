package dev.holdfast.image.format;

import dev.holdfast.image.ImageException;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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

  /** The manifest that such an image would have in a registry. */
  public static byte[] manifest(Descriptor config, List<Descriptor> layers) {
    ObjectNode manifest = JsonMapper.shared().createObjectNode();
    manifest.put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST);
    descriptor(manifest.putObject("config"), MediaType.OCI_CONFIG, config);
    for (Descriptor layer : layers) {
      descriptor(manifest.withArray("layers").addObject(), MediaType.OCI_LAYER, layer);
    }
    return JsonMapper.shared().writeValueAsBytes(manifest);
  }

  private static void descriptor(ObjectNode node, String type, Descriptor descriptor) {
    node.put("mediaType", type)
        .put("digest", descriptor.digest().toString())
        .put("size", descriptor.size());
  }
}
