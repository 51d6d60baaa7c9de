package dev.holdfast.workbench.microvm;

import com.github.luben.zstd.ZstdInputStream;
import dev.holdfast.workbench.WorkbenchException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.tukaani.xz.XZInputStream;

/**
 * A kernel as distributions ship it: a program that unpacks itself. Monitors that enter the kernel
 * directly want what it holds, an ELF file.
 */
final class KernelImage {
  // Linux/x86 boot protocol, from version 2.08 on.
  private static final int SETUP_SECTORS = 0x1f1;
  private static final int MAGIC = 0x202;
  private static final int VERSION = 0x206;
  private static final int PAYLOAD_OFFSET = 0x248;
  private static final int PAYLOAD_LENGTH = 0x24c;
  private static final int HEADER = 0x250;

  private static final int MAGIC_WORD = 0x53726448; // "HdrS"
  private static final int FIRST_VERSION = 0x208;
  private static final int SECTOR = 512;
  private static final int ELF = 0x464c457f;
  private static final int XZ = 0x587a37fd;
  private static final int ZSTD = 0xfd2fb528;
  private static final int XZ_MEMORY_KIB = 128 << 10;

  /** Debian's is 66 MB. */
  private static final int LARGEST = 512 << 20;

  private KernelImage() {}

  /**
   * The ELF file in a bootable one.
   *
   * @throws WorkbenchException when there is none, or it is packed in another way
   */
  static byte[] elf(Path bootable) throws IOException {
    ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(bootable)).order(ByteOrder.LITTLE_ENDIAN);
    try (InputStream packed = unpack(payload(file, bootable), bootable)) {
      byte[] elf = packed.readNBytes(LARGEST);
      if (elf.length < Integer.BYTES || word(elf) != ELF || packed.read() >= 0) {
        throw new WorkbenchException("kernel `%s` holds no ELF file".formatted(bootable));
      }
      return elf;
    }
  }

  private static byte[] payload(ByteBuffer file, Path name) {
    if (file.limit() < HEADER
        || file.getInt(MAGIC) != MAGIC_WORD
        || file.getShort(VERSION) < FIRST_VERSION) {
      throw new WorkbenchException("`%s` is not a kernel for x86".formatted(name));
    }
    int sectors = Byte.toUnsignedInt(file.get(SETUP_SECTORS));
    long start =
        (sectors == 0 ? 5L : sectors + 1L) * SECTOR
            + Integer.toUnsignedLong(file.getInt(PAYLOAD_OFFSET));
    long length = Integer.toUnsignedLong(file.getInt(PAYLOAD_LENGTH));
    if (length < Integer.BYTES || start + length > file.limit()) {
      throw new WorkbenchException("kernel `%s` is cut off".formatted(name));
    }
    var payload = new byte[(int) length];
    file.get((int) start, payload);
    return payload;
  }

  /** After the packed bytes comes their unpacked length, which the streams do not look at. */
  private static InputStream unpack(byte[] payload, Path name) throws IOException {
    var bytes = new ByteArrayInputStream(payload, 0, payload.length - Integer.BYTES);
    return switch (word(payload)) {
      case ELF -> new ByteArrayInputStream(payload);
      case XZ -> new XZInputStream(bytes, XZ_MEMORY_KIB);
      case ZSTD -> new ZstdInputStream(bytes);
      default ->
          throw new WorkbenchException(
              "kernel `%s` is packed in a way that is not known: xz and zstd are".formatted(name));
    };
  }

  private static int word(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }
}
