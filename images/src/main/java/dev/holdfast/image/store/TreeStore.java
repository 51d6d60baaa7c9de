package dev.holdfast.image.store;

import dev.holdfast.files.HostFiles;
import dev.holdfast.image.Digest;
import dev.holdfast.image.ImageException;
import dev.holdfast.image.format.Descriptor;
import dev.holdfast.image.unpack.Account;
import dev.holdfast.image.unpack.ImageUnpacker;
import dev.holdfast.image.unpack.UnpackLimits;
import dev.holdfast.image.unpack.Unpacked;
import dev.holdfast.workbench.AgentIds;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Images laid out as directories, one for each. A tree is whole or not there; {@code about.json}
 * beside it says what it came to. Nobody changes it afterwards.
 */
final class TreeStore {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final StoreLayout layout;
  private final BlobStore blobs;
  private final UnpackLimits limits;

  TreeStore(StoreLayout layout, BlobStore blobs, UnpackLimits limits) {
    this.layout = layout;
    this.blobs = blobs;
    this.limits = limits;
  }

  /**
   * What is known of a tree.
   *
   * @param account the image's user
   */
  record About(Account account, Unpacked unpacked) {
    AgentIds agent() {
      return new AgentIds(
          account.uid() == 0 ? AgentIds.USUAL : account.uid(),
          account.gid() == 0 ? AgentIds.USUAL : account.gid());
    }
  }

  static Path files(Path tree) {
    return tree.resolve("root");
  }

  boolean has(Digest image) {
    return Files.isDirectory(layout.tree(image));
  }

  About about(Digest image) throws IOException {
    byte[] json = Files.readAllBytes(layout.tree(image).resolve("about.json"));
    return JSON.readValue(json, About.class);
  }

  /** Lays an image out unless it is; whoever else wants it waits. */
  About layOut(StoredImage image, Progress progress) throws IOException {
    Path tree = layout.tree(image.digest());
    if (!Files.isDirectory(tree)) {
      try (StoreLock _ = StoreLock.take(layout.lock(image.digest()))) {
        if (!Files.isDirectory(tree)) {
          make(image, tree, progress);
        }
      }
    }
    return about(image.digest());
  }

  private void make(StoredImage image, Path tree, Progress progress) throws IOException {
    Path draft = layout.trees().resolve(".draft-" + image.digest().hex());
    HostFiles.delete(draft);
    try {
      Path files = Files.createDirectories(files(draft));
      About about = unpack(image, files, progress);
      swap(files, about.agent());
      Files.write(draft.resolve("about.json"), JSON.writeValueAsBytes(about));
      Files.move(draft, tree, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      HostFiles.delete(draft);
    }
  }

  private About unpack(StoredImage image, Path files, Progress progress) throws IOException {
    List<Descriptor> layers = image.manifest().layers();
    List<Digest> diffIds = image.config().diffIds();
    if (layers.size() != diffIds.size()) {
      throw new ImageException(
          "image `%s` is not allowed: it has %d layers and says what %d of them unpack to"
              .formatted(image.name(), layers.size(), diffIds.size()));
    }
    try (var unpacker = new ImageUnpacker(files, limits)) {
      for (int i = 0; i < layers.size(); i++) {
        try (InputStream layer = blobs.open(layers.get(i).digest())) {
          unpacker.apply(layer, diffIds.get(i));
        }
        progress.layer(layers.get(i), Progress.Step.UNPACKED);
      }
      return new About(unpacker.complete(image.config().user()), unpacker.total());
    }
  }

  /** The image's user becomes the agent, who has the same id on the host in every image. */
  private static void swap(Path files, AgentIds agent) throws IOException {
    if (agent.equals(AgentIds.DEFAULT)) {
      return;
    }
    try (Stream<Path> all = Files.walk(files)) {
      for (Path path : (Iterable<Path>) all.skip(1)::iterator) {
        int uid = inside(path, "unix:uid");
        int gid = inside(path, "unix:gid");
        if (agent.hostUid(uid) != AgentIds.FIRST + uid
            || agent.hostGid(gid) != AgentIds.FIRST + gid) {
          Files.setAttribute(path, "unix:uid", agent.hostUid(uid), LinkOption.NOFOLLOW_LINKS);
          Files.setAttribute(path, "unix:gid", agent.hostGid(gid), LinkOption.NOFOLLOW_LINKS);
        }
      }
    }
  }

  private static int inside(Path path, String attribute) throws IOException {
    return (int) Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS) - AgentIds.FIRST;
  }
}
