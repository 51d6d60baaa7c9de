package dev.holdfast.image.registry;

import dev.holdfast.image.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * An image made in a test: tar files as layers, and a configuration.
 *
 * @param config the inner object of the configuration, as JSON
 */
public record TestImage(List<byte[]> tars, String config) {
  public static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

  public static byte[] gzip(byte[] content) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  public List<byte[]> layers() {
    return tars.stream().map(TestImage::gzip).toList();
  }

  public byte[] configuration() {
    String diffIds =
        tars.stream()
            .map(tar -> "\"" + Digest.of(tar) + "\"")
            .collect(Collectors.joining(",", "[", "]"));
    return """
        {"os":"linux","architecture":"amd64","config":%s,"rootfs":{"type":"layers","diff_ids":%s}}"""
        .formatted(config, diffIds)
        .getBytes(StandardCharsets.UTF_8);
  }

  public byte[] manifest() {
    var descriptors = new ArrayList<String>();
    for (byte[] layer : layers()) {
      descriptors.add(descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer));
    }
    return """
        {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}"""
        .formatted(
            MANIFEST_TYPE,
            descriptor("application/vnd.oci.image.config.v1+json", configuration()),
            String.join(",", descriptors))
        .getBytes(StandardCharsets.UTF_8);
  }

  public static String descriptor(String type, byte[] content) {
    return """
        {"mediaType":"%s","digest":"%s","size":%d}"""
        .formatted(type, Digest.of(content), content.length);
  }

  /** Configuration and layers, by digest. */
  public Map<Digest, byte[]> blobs() {
    var blobs = new LinkedHashMap<Digest, byte[]>();
    blobs.put(Digest.of(configuration()), configuration());
    layers().forEach(layer -> blobs.put(Digest.of(layer), layer));
    return blobs;
  }

  /** Stores it in a registry. */
  public void push(RealRegistry registry, String repository, String tag, String authorization)
      throws Exception {
    for (var blob : blobs().entrySet()) {
      registry.push(repository, blob.getKey().toString(), blob.getValue(), authorization);
    }
    registry.pushManifest(repository, tag, manifest(), MANIFEST_TYPE, authorization);
  }
}
