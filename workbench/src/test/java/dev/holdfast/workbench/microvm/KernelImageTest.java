package dev.holdfast.workbench.microvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelImageTest {
  private static final byte[] ELF = "\u007fELF and more".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path directory;

  /** A bootable file with so much before its payload. */
  private Path image(byte[] payload, int announced) throws IOException {
    ByteBuffer file = ByteBuffer.allocate(2 * 512 + 16 + payload.length);
    file.order(ByteOrder.LITTLE_ENDIAN).put(0x1f1, (byte) 1);
    file.putInt(0x202, 0x53726448).putShort(0x206, (short) 0x20f);
    file.putInt(0x248, 16).putInt(0x24c, announced).put(2 * 512 + 16, payload);
    return Files.write(directory.resolve("kernel"), file.array());
  }

  private static byte[] withLength(byte[] packed) {
    return ByteBuffer.allocate(packed.length + 4).put(packed).array();
  }

  private static void isRefused(Path image, String why) {
    assertThatThrownBy(() -> KernelImage.elf(image))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining(why);
  }

  @Test
  void theKernelOfThisHostsMachinesHoldsAnElfFile() throws Exception {
    byte[] elf = KernelImage.elf(GuestKernel.find().orElseThrow().image());

    assertThat(elf).startsWith(0x7f, 'E', 'L', 'F').hasSizeGreaterThan(10 << 20);
  }

  @Test
  void oneThatIsPackedWithZstdOrNotAtAllIsRead() throws Exception {
    byte[] packed = withLength(Zstd.compress(ELF));

    assertThat(KernelImage.elf(image(packed, packed.length))).isEqualTo(ELF);
    assertThat(KernelImage.elf(image(ELF, ELF.length))).isEqualTo(ELF);
  }

  @Test
  void whatIsNoKernelIsRefused() throws Exception {
    byte[] other = withLength(Zstd.compress("no program".getBytes(StandardCharsets.US_ASCII)));

    isRefused(Files.write(directory.resolve("short"), new byte[16]), "not a kernel for x86");
    isRefused(Files.write(directory.resolve("zeros"), new byte[4096]), "not a kernel for x86");
    isRefused(image(other, other.length), "no ELF file");
    isRefused(image(new byte[64], 64), "xz and zstd are");
    isRefused(image(ELF, 1 << 20), "cut off");
    isRefused(image(ELF, -1), "cut off");
  }
}
