package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Mount;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;

/**
 * What a machine is told ({@code guest/machine/settings.c} reads it): its shape, which is part of
 * the snapshot, and its identity, which makes it one workbench and no other.
 */
final class Settings {
  private static final int ENTROPY_BYTES = 64;
  private static final int MACHINE_ID_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Settings() {}

  /** What a message consists of. */
  private interface Content {
    void writeTo(DataOutputStream out) throws IOException;
  }

  private static byte[] message(Content content) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      content.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * What every machine of a snapshot has in common: limits, the agent's ids, and which of the two
   * kinds of system it has.
   */
  static byte[] shape(Caps caps, Root root) {
    return message(
        out -> {
          out.writeLong(caps.memoryBytes());
          out.writeLong(caps.fileBytes());
          out.writeLong(caps.tmpBytes());
          out.writeInt(caps.pids());
          out.writeInt(caps.openFiles());
          out.writeInt(root.agent().uid());
          out.writeInt(root.agent().gid());
          out.writeByte(root instanceof Root.Image ? 1 : 0);
        });
  }

  /** Fresh randomness, the time, names, and what is mounted: another one each time. */
  static byte[] identity(WorkbenchSpec spec, Instant now) {
    return message(
        out -> {
          out.write(random(ENTROPY_BYTES));
          out.writeLong(now.getEpochSecond());
          out.writeInt(now.getNano());
          string(out, spec.id().value());
          string(out, HexFormat.of().formatHex(random(MACHINE_ID_BYTES)));
          out.writeByte(spec.workspace().isPresent() ? 1 : 0);
          out.writeInt(spec.mounts().size());
          for (Mount mount : spec.mounts()) {
            string(out, mount.target());
            out.writeByte(mount.access() == Mount.Access.READ_ONLY ? 1 : 0);
          }
        });
  }

  private static byte[] random(int count) {
    var bytes = new byte[count];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static void string(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
    out.writeByte(0);
  }
}
