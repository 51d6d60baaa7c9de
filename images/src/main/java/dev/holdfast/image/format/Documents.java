package dev.holdfast.image.format;

import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.Platform;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads manifests and indexes. */
public final class Documents {
  /** The largest manifest or index, in bytes. */
  public static final int MAX_BYTES = 4 << 20;

  private static final int MOST_LAYERS = 512;
  private static final int MOST_MANIFESTS = 1024;

  private Documents() {}

  /**
   * Reads a document.
   *
   * @param mediaType what its sender says that it is; empty when nobody says
   * @throws ImageException when it is neither a manifest nor an index, or could be read as both
   */
  public static Document read(byte[] json, Optional<String> mediaType) {
    Fields fields = Fields.parse(json, "manifest");
    String type = type(fields, mediaType.map(MediaType::bare));
    // One digest must not name two images, depending on who reads it.
    boolean both = fields.has("manifests") && (fields.has("layers") || fields.has("config"));
    if (both) {
      throw new ImageException("the manifest is not allowed: it is an index as well");
    }
    if (MediaType.isIndex(type)) {
      return index(fields);
    }
    if (MediaType.isManifest(type)) {
      return manifest(fields);
    }
    throw new ImageException(
        "media type `%s` is not understood: an image manifest or index of OCI or Docker (schema 2)"
                .formatted(type)
            + " is expected");
  }

  /** The manifest of an image with these parts. */
  public static byte[] write(Descriptor config, List<Descriptor> layers) {
    ObjectNode manifest = JsonMapper.shared().createObjectNode();
    manifest.put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST);
    write(manifest.putObject("config"), config);
    var array = manifest.putArray("layers");
    layers.forEach(layer -> write(array.addObject(), layer));
    return JsonMapper.shared().writeValueAsBytes(manifest);
  }

  private static void write(ObjectNode node, Descriptor descriptor) {
    node.put("mediaType", descriptor.mediaType())
        .put("digest", descriptor.digest().toString())
        .put("size", descriptor.size());
  }

  private static String type(Fields fields, Optional<String> said) {
    Optional<String> own = fields.text("mediaType");
    if (own.isPresent() && said.isPresent() && !own.equals(said)) {
      throw new ImageException(
          "the manifest says that it is `%s` and was sent as `%s`"
              .formatted(own.get(), said.get()));
    }
    return own.or(() -> said)
        .orElse(fields.has("manifests") ? MediaType.OCI_INDEX : MediaType.OCI_MANIFEST);
  }

  private static Document.Index index(Fields fields) {
    return new Document.Index(
        fields.objects("manifests", MOST_MANIFESTS).stream().map(Documents::descriptor).toList());
  }

  private static Document.Manifest manifest(Fields fields) {
    if (!fields.has("config")) {
      throw new ImageException("the manifest has no field `config`");
    }
    Descriptor config = descriptor(fields.object("config"));
    if (!MediaType.isConfig(config.mediaType())) {
      throw new ImageException(
          "a configuration of type `%s` is not an image's".formatted(config.mediaType()));
    }
    var layers = fields.objects("layers", MOST_LAYERS).stream().map(Documents::descriptor).toList();
    for (Descriptor layer : layers) {
      if (!MediaType.isLayer(layer.mediaType())) {
        throw new ImageException(
            "a layer of type `%s` is not understood: tar, plain or with gzip or zstd, is"
                .formatted(layer.mediaType()));
      }
    }
    return new Document.Manifest(config, layers);
  }

  private static Descriptor descriptor(Fields fields) {
    return new Descriptor(
        fields.requiredText("mediaType"),
        Digest.parse(fields.requiredText("digest")),
        fields.number("size"),
        fields.has("platform") ? platform(fields.object("platform")) : Optional.empty());
  }

  private static Optional<Platform> platform(Fields fields) {
    return Optional.of(
        new Platform(
            fields.text("os").orElse(""),
            fields.text("architecture").orElse(""),
            fields.text("variant").orElse("")));
  }
}
