package dev.holdfast.cli.image;

import dev.holdfast.cli.command.Terminal;
import dev.holdfast.image.format.Descriptor;
import dev.holdfast.image.store.StoredImage;
import dev.holdfast.image.unpack.Unpacked;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Images as text and as JSON. What an image says of itself is a stranger's. */
final class ImageText {
  private ImageText() {}

  static void line(StoredImage image, Terminal terminal) {
    if (terminal.json()) {
      terminal.json(summary(image));
    } else {
      terminal.line(
          "%s  %s  %10s  %s"
              .formatted(
                  image.digest(),
                  image.used().toString().substring(0, 10),
                  Sizes.text(image.compressedBytes()),
                  image.name()));
    }
  }

  private static Map<String, Object> summary(StoredImage image) {
    var summary = new LinkedHashMap<String, Object>();
    summary.put("name", image.name());
    summary.put("digest", image.digest().toString());
    summary.put("layers", image.manifest().layers().size());
    summary.put("compressed_bytes", image.compressedBytes());
    summary.put("used", image.used().toString());
    return summary;
  }

  static void whole(StoredImage image, Optional<Unpacked> unpacked, Terminal terminal) {
    var config = image.config();
    List<Map<String, Object>> layers =
        image.manifest().layers().stream().map(ImageText::of).toList();
    if (terminal.json()) {
      var all = summary(image);
      all.put("layers", layers);
      all.put("platform", config.platform().toString());
      all.put("user", config.user());
      all.put("directory", config.directory());
      all.put("env", new TreeMap<>(config.env()));
      all.put("entrypoint", config.entrypoint());
      all.put("command", config.command());
      unpacked.ifPresent(it -> all.put("unpacked", of(it)));
      terminal.json(all);
      return;
    }
    line(image, terminal);
    terminal.line("platform   " + Terminal.safe(config.platform().toString()));
    terminal.line("user       " + Terminal.safe(config.user().isEmpty() ? "agent" : config.user()));
    terminal.line("directory  " + Terminal.safe(config.directory()));
    new TreeMap<>(config.env())
        .forEach((name, value) -> terminal.line("env        " + Terminal.safe(name + "=" + value)));
    layers.forEach(layer -> terminal.line("layer      " + layer.get("digest")));
    unpacked.ifPresent(
        it ->
            terminal.line(
                "unpacked   %s, %d entries; left out: %d devices, %d set-id bits, %d with attributes"
                    .formatted(
                        Sizes.text(it.bytes()),
                        it.entries(),
                        it.devices(),
                        it.setIds(),
                        it.attributes())));
  }

  private static Map<String, Object> of(Descriptor layer) {
    return Map.of(
        "digest", layer.digest().toString(),
        "bytes", layer.size(),
        "media_type", layer.mediaType());
  }

  private static Map<String, Object> of(Unpacked unpacked) {
    return Map.of(
        "bytes", unpacked.bytes(),
        "entries", unpacked.entries(),
        "devices_left_out", unpacked.devices(),
        "set_id_bits_left_out", unpacked.setIds(),
        "with_attributes", unpacked.attributes());
  }
}
