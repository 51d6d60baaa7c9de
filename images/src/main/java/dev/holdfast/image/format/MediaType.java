package dev.holdfast.image.format;

import java.util.Locale;
import java.util.Set;

/** The media types of images, OCI's and Docker's; what is not listed is not understood. */
public final class MediaType {
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
  public static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";
  static final String DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
  static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
  private static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
  private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";

  /** What to ask a registry for, in one header. */
  public static final String ACCEPTED =
      String.join(", ", OCI_INDEX, OCI_MANIFEST, DOCKER_INDEX, DOCKER_MANIFEST);

  private static final Set<String> LAYERS =
      Set.of(
          OCI_LAYER,
          OCI_LAYER + "+gzip",
          OCI_LAYER + "+zstd",
          DOCKER_LAYER,
          DOCKER_LAYER + ".gzip",
          DOCKER_LAYER + ".zstd");

  private MediaType() {}

  static boolean isIndex(String type) {
    return type.equals(OCI_INDEX) || type.equals(DOCKER_INDEX);
  }

  static boolean isManifest(String type) {
    return type.equals(OCI_MANIFEST) || type.equals(DOCKER_MANIFEST);
  }

  static boolean isConfig(String type) {
    return type.equals(OCI_CONFIG) || type.equals(DOCKER_CONFIG);
  }

  /** A layer whose content comes with the image; those that a registry may not hand out are not. */
  static boolean isLayer(String type) {
    return LAYERS.contains(type);
  }

  /** The type without its parameters, as a header may carry them. */
  static String bare(String header) {
    int semicolon = header.indexOf(';');
    return (semicolon < 0 ? header : header.substring(0, semicolon))
        .strip()
        .toLowerCase(Locale.ROOT);
  }
}
