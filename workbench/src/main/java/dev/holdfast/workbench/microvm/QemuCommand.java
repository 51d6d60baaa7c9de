package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import dev.holdfast.workbench.oci.Jail;
import java.util.ArrayList;
import java.util.List;

/**
 * QEMU's words for a machine. The hardware must be the same when a snapshot is taken and when it is
 * continued: only what stands behind a device may differ.
 *
 * @param kvm the host's processor runs the machine; otherwise it is emulated
 * @param saves with memory, the files come from {@link FileServers} in place of QEMU's own server,
 *     which cannot be saved, and the machine has a keeper
 */
record QemuCommand(Machine machine, boolean kvm, Content saves) {
  /** The socket of QEMU's monitor, in its jail. */
  static final String CONTROL = Surroundings.PLACE + "/control";

  /** The socket that it hands its devices' state to. */
  static final String STATE_OUT = Surroundings.PLACE + "/state-out";

  /** That of the machine's keeper. */
  static final String KEEPER = Surroundings.PLACE + "/keeper";

  private static final int TRANSLATED_CODE_MIB = 96;

  /** Boots cold and waits; memory is shared with the file that becomes the snapshot's. */
  List<String> boot(long clockKhz) {
    List<String> command =
        common(Surroundings.DRAFT + "/ram", "on", "file:" + Surroundings.DRAFT + "/console");
    command.addAll(List.of("-kernel", Surroundings.KERNEL, "-initrd", Surroundings.INITRD));
    command.addAll(List.of("-append", kernelArguments(clockKhz)));
    return withRedirect("2>" + Surroundings.DRAFT + "/log", command);
  }

  /**
   * An emulated processor shows the host's time stamp counter and nothing to calibrate it with; KVM
   * tells the kernel itself. The first panic ends the machine.
   */
  private String kernelArguments(long clockKhz) {
    String always = "console=ttyS0 quiet reboot=t panic=-1" + (isSaved() ? " files=ports" : "");
    return kvm ? always : always + " tsc=reliable tsc_early_khz=" + clockKhz;
  }

  private boolean isSaved() {
    return saves == Content.FILES_AND_MEMORY;
  }

  /**
   * Continues from a snapshot: the memory mapped privately, the state as descriptor 3. QEMU leaves
   * memory out of a state only when it takes it for shared; {@code private_ram.c} maps it privately
   * all the same.
   */
  List<String> resume() {
    List<String> command = common(Surroundings.RAM, isSaved() ? "on" : "off", "null");
    command.addAll(List.of("-incoming", "defer"));
    return withRedirect("3<" + Surroundings.STATE, command);
  }

  private List<String> common(String ram, String share, String console) {
    var command = new ArrayList<String>();
    command.add(Qemu.PROGRAM.toString());
    command.addAll(
        List.of(
            "-M",
            // Without a clock chip the kernel waits for one twice, seconds long under emulation.
            "microvm,acpi=on,pit=off,pic=off,rtc=on,isa-serial=on,memory-backend=ram",
            "-accel",
            kvm ? "kvm" : "tcg,thread=multi,tb-size=" + TRANSLATED_CODE_MIB,
            "-cpu",
            kvm ? "host" : "max",
            "-smp",
            Integer.toString(machine.cpus()),
            "-m",
            Long.toString(machine.memoryMiB())));
    command.addAll(
        List.of(
            "-object",
            "memory-backend-file,id=ram,mem-path=%s,size=%dM,share=%s"
                .formatted(ram, machine.memoryMiB(), share)));
    command.addAll(List.of("-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"));
    command.addAll(
        List.of(
            "-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"));
    port(command, "control", CONTROL);
    command.addAll(List.of("-mon", "chardev=control,mode=control"));
    port(command, "channel", Jail.CHANNEL);
    command.addAll(List.of("-device", "virtio-serial-device,max_ports=" + (isSaved() ? 5 : 2)));
    command.addAll(List.of("-device", "virtserialport,chardev=channel,nr=1"));
    if (isSaved()) {
      serialPort(command, "system", FileServers.SYSTEM.socket(), 2);
      serialPort(command, "shares", FileServers.SHARES.socket(), 3);
      serialPort(command, "keeper", KEEPER, 4);
    } else {
      share(command, "system", Surroundings.SYSTEM, ",readonly=on");
      share(command, "shares", Surroundings.SHARES, "");
    }
    command.addAll(List.of("-serial", console));
    return command;
  }

  private static void port(List<String> command, String name, String path) {
    command.addAll(List.of("-chardev", "socket,id=%s,path=%s".formatted(name, path)));
  }

  private static void serialPort(List<String> command, String name, String path, int number) {
    port(command, name, path);
    command.addAll(List.of("-device", "virtserialport,chardev=%s,nr=%d".formatted(name, number)));
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
  private List<String> withRedirect(String redirect, List<String> command) {
    String first = isSaved() ? FileServers.start() : "";
    var all = new ArrayList<>(List.of("/bin/sh", "-c", first + "exec \"$@\" " + redirect, "qemu"));
    all.addAll(command);
    return all;
  }
}
