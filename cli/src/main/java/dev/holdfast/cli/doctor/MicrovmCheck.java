package dev.holdfast.cli.doctor;

import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.microvm.GuestKernel;
import dev.holdfast.workbench.microvm.MicrovmEngine;
import java.nio.file.Files;
import java.util.List;

/** Whether everything that a microVM is made of is there. */
final class MicrovmCheck {
  private static final Remedy BOTH = Remedy.install("qemu-system-x86", KernelFetch.PACKAGE);

  private MicrovmCheck() {}

  static Finding inspect(Host host) {
    if (!System.getProperty("os.arch", "").equals("amd64")) {
      return Finding.broken("microVMs run on x86-64 only", Remedy.NONE);
    }
    var kernel = GuestKernel.find();
    if (kernel.isEmpty()) {
      return Finding.broken(
          "no kernel with virtio and 9p drivers below `%s` or /boot".formatted(GuestKernel.FETCHED),
          hasQemu()
              ? new Remedy(List.of(KernelFetch.PACKAGE), "sudo holdfast doctor --fix --all")
              : BOTH);
    }
    try {
      var monitor = MicrovmEngine.examine(host.home(), host.env());
      return Finding.works("kernel %s in %s".formatted(kernel.get().version(), monitor));
    } catch (WorkbenchException e) {
      return Finding.broken(String.valueOf(e.getMessage()), hasQemu() ? Remedy.NONE : BOTH);
    }
  }

  private static boolean hasQemu() {
    return Files.isExecutable(MicrovmEngine.QEMU);
  }
}
