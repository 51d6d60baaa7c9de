package dev.holdfast.cli.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * Whether KVM really runs a guest. The device can be there and not work (nested machines), so a
 * guest of one boot sector is started that tells QEMU, through a port, to exit.
 */
final class KvmCheck {
  private static final Duration LIMIT = Duration.ofSeconds(15);

  /** {@code mov dx, 0xf4; mov al, 0x10; out dx, al; cli; hlt}. */
  private static final byte[] CODE = {
    (byte) 0xba, (byte) 0xf4, 0x00, (byte) 0xb0, 0x10, (byte) 0xee, (byte) 0xfa, (byte) 0xf4
  };

  /** QEMU's debug exit device ends it with twice the value, plus one. */
  private static final int SAID_BY_THE_GUEST = 0x10 * 2 + 1;

  private KvmCheck() {}

  static Finding inspect(Host host) {
    if (!System.getProperty("os.arch", "").toLowerCase(Locale.ROOT).equals("amd64")) {
      return Finding.broken("tried on x86-64 only", Remedy.NONE);
    }
    if (!host.has("qemu-system-x86_64")) {
      return Finding.broken(
          "qemu is missing, so it cannot be tried", Remedy.install("qemu-system-x86"));
    }
    if (!Files.isWritable(Path.of("/dev/kvm"))) {
      return Finding.broken(
          "/dev/kvm is missing or not writable; microVMs run under software emulation",
          Remedy.run("sudo modprobe kvm_intel || sudo modprobe kvm_amd"));
    }
    return boot(host);
  }

  private static Finding boot(Host host) {
    try {
      var disk = Files.createTempFile("holdfast-boot", ".img");
      try {
        Files.write(disk, bootSector());
        return judge(start(host, disk));
      } finally {
        Files.delete(disk);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Host.Ran start(Host host, Path disk) {
    return host.run(
        LIMIT,
        "qemu-system-x86_64",
        "-accel",
        "kvm",
        "-m",
        "16",
        "-nodefaults",
        "-display",
        "none",
        "-no-reboot",
        "-device",
        "isa-debug-exit,iobase=0xf4,iosize=0x04",
        "-drive",
        "format=raw,if=ide,snapshot=on,file=" + disk);
  }

  private static Finding judge(Host.Ran ran) {
    if (ran.code() == SAID_BY_THE_GUEST) {
      return Finding.works("a guest ran");
    }
    var why = ran.code() == 124 ? "the guest did not answer in time" : ran.lastLine();
    return Finding.broken(why + "; microVMs run under software emulation", Remedy.NONE);
  }

  private static byte[] bootSector() {
    var sector = new byte[512];
    System.arraycopy(CODE, 0, sector, 0, CODE.length);
    sector[510] = 0x55;
    sector[511] = (byte) 0xaa;
    return sector;
  }
}
