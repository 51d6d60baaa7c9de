package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.Mount;
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
 * What makes a waiting machine one workbench and no other ({@code guest/machine/settings.c} reads
 * it): fresh randomness, the time, names, limits, and what is mounted.
 */
final class Settings {
  private static final int ENTROPY_BYTES = 64;
  private static final int MACHINE_ID_BYTES = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Settings() {}

  static byte[] of(WorkbenchSpec spec, Instant now) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.write(random(ENTROPY_BYTES));
      out.writeLong(now.getEpochSecond());
      out.writeInt(now.getNano());
      string(out, spec.id().value());
      string(out, HexFormat.of().formatHex(random(MACHINE_ID_BYTES)));
      limits(out, spec.caps());
      out.writeByte(spec.workspace().isPresent() ? 1 : 0);
      out.writeInt(spec.mounts().size());
      for (Mount mount : spec.mounts()) {
        string(out, mount.target());
        out.writeByte(mount.access() == Mount.Access.READ_ONLY ? 1 : 0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void limits(DataOutputStream out, Caps caps) throws IOException {
    out.writeLong(caps.memoryBytes());
    out.writeLong(caps.fileBytes());
    out.writeLong(caps.tmpBytes());
    out.writeInt(caps.pids());
    out.writeInt(caps.openFiles());
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
