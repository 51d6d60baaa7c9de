package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.oci.Jail;
import java.util.ArrayList;
import java.util.List;

/**
 * The hardware of a virtual machine, and QEMU's words for it. It must be the same when a snapshot
 * is taken and when it is continued: only what stands behind a device may differ.
 *
 * @param memoryMiB memory of the machine
 * @param cpus virtual processors
 */
record Machine(long memoryMiB, int cpus) {
  /** What is only in the jail, as mounts of it. */
  static final String PLACE = "/vm";

  /** Where a machine finds its snapshot, and where one is written. */
  static final String RAM = PLACE + "/ram";

  static final String STATE = PLACE + "/state";
  static final String DRAFT = PLACE + "/draft";
  static final String CONTROL = PLACE + "/control";

  /** The host's {@code /usr}, or an image. */
  static final String SYSTEM = PLACE + "/system";

  /** The directory whose entries a machine may mount: its workspace and its mounts by number. */
  static final String SHARES = PLACE + "/shares";

  static final String WORKSPACE = SHARES + "/workspace";

  private static final String QEMU = "/usr/bin/qemu-system-x86_64";
  private static final long MIB = 1 << 20;

  /** What the kernel and its file systems take beside the workbench's own cap. */
  private static final long KERNEL_MIB = 160;

  /** A page's worth of bookkeeping for each 64 pages. */
  private static final int BOOKKEEPING = 64;

  /** What QEMU itself takes: translated code, buffers, threads. */
  private static final long QEMU_BYTES = 384L << 20;

  private static final int TRANSLATED_CODE_MIB = 96;

  /** QEMU's file server has at most 64 threads. */
  private static final int THREADS = 64 + 32;

  /**
   * The machine that a workbench with these caps gets. At most every second processor of the host
   * is emulated: QEMU needs the others to serve the machine, and emulated ones that wait for each
   * other made calls three times as slow.
   */
  static Machine of(Caps caps) {
    long cap = (caps.memoryBytes() + MIB - 1) / MIB;
    int wanted = (int) Math.min(64, Math.ceil(caps.cpus()));
    int cpus = Math.min(wanted, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    return new Machine((cap + cap / BOOKKEEPING + KERNEL_MIB + 1) & ~1L, cpus);
  }

  /** The caps of the container that QEMU runs in. */
  Caps jail(Caps caps, long fileBytes) {
    return new Caps(
        memoryMiB * MIB + QEMU_BYTES,
        caps.cpus(),
        THREADS + cpus,
        fileBytes,
        Integer.MAX_VALUE,
        MIB,
        MIB,
        caps.wallTime());
  }

  long ramBytes() {
    return memoryMiB * MIB;
  }

  /** Boots cold and waits; memory is shared with the file that becomes the snapshot's. */
  List<String> boot(long clockKhz) {
    List<String> command = common(DRAFT + "/ram", "on", "file:" + DRAFT + "/console");
    command.addAll(List.of("-kernel", PLACE + "/kernel", "-initrd", PLACE + "/initrd"));
    command.addAll(List.of("-append", kernelArguments(clockKhz)));
    return withRedirect("2>" + DRAFT + "/log", command);
  }

  /**
   * An emulated processor shows the host's time stamp counter and nothing to calibrate it with. The
   * first panic ends the machine. What separates the agent from anything is the machine, so its
   * kernel need not pay for keeping processes apart from each other's caches.
   */
  private static String kernelArguments(long clockKhz) {
    return "console=ttyS0 quiet tsc=reliable tsc_early_khz=%d reboot=t panic=-1"
        .formatted(clockKhz);
  }

  /** Continues from a snapshot: {@link #RAM} mapped privately, {@link #STATE} as descriptor 3. */
  List<String> restore() {
    List<String> command = common(RAM, "off", "null");
    command.addAll(List.of("-incoming", "defer"));
    return withRedirect("3<" + STATE, command);
  }

  private List<String> common(String ram, String share, String console) {
    var command = new ArrayList<String>();
    command.add(QEMU);
    command.addAll(
        List.of(
            "-M",
            // Without a clock chip the kernel waits for one twice, seconds long under emulation.
            "microvm,acpi=on,pit=off,pic=off,rtc=on,isa-serial=on,memory-backend=ram",
            "-accel",
            "tcg,thread=multi,tb-size=" + TRANSLATED_CODE_MIB,
            "-cpu",
            "max",
            "-smp",
            Integer.toString(cpus),
            "-m",
            Long.toString(memoryMiB)));
    command.addAll(
        List.of(
            "-object",
            "memory-backend-file,id=ram,mem-path=%s,size=%dM,share=%s"
                .formatted(ram, memoryMiB, share)));
    command.addAll(List.of("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"));
    command.addAll(
        List.of(
            "-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"));
    port(command, "control", CONTROL);
    command.addAll(List.of("-mon", "chardev=control,mode=control"));
    port(command, "channel", Jail.CHANNEL);
    command.addAll(List.of("-device", "virtio-serial-device,max_ports=2"));
    command.addAll(List.of("-device", "virtserialport,chardev=channel,nr=1"));
    share(command, "system", SYSTEM, ",readonly=on");
    share(command, "shares", SHARES, "");
    command.addAll(List.of("-serial", console));
    return command;
  }

  private static void port(List<String> command, String name, String path) {
    command.addAll(List.of("-chardev", "socket,id=%s,path=%s".formatted(name, path)));
  }

  /** QEMU serves the files with its own rights, which in the jail are the agent's. */
  private static void share(List<String> command, String name, String path, String more) {
    command.addAll(
        List.of(
            "-fsdev",
            "local,id=%s,path=%s,security_model=none,multidevs=remap%s"
                .formatted(name, path, more)));
    command.addAll(
        List.of("-device", "virtio-9p-device,fsdev=%1$s,mount_tag=%1$s".formatted(name)));
  }

  /** The jail gives a program no descriptor of use, so a shell opens what it needs first. */
  private static List<String> withRedirect(String redirect, List<String> command) {
    var all = new ArrayList<>(List.of("/bin/sh", "-c", "exec \"$@\" " + redirect, "qemu"));
    all.addAll(command);
    return all;
  }
}
