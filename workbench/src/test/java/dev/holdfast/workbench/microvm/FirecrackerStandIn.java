package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.oci.Jail;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A program in Firecracker's place, as this host has neither it nor a processor that runs guests of
 * its own: it is asked as Firecracker is, refuses what Firecracker's description does not allow,
 * and lets QEMU run the machine. One file, so that it can be shown in a jail.
 */
final class FirecrackerStandIn {
  static final List<String> PROGRAMS = List.of("__main__.py", "description.py", "machine.py");
  private static final String LOOPBACK = "kernel/net/vmw_vsock/vsock_loopback.ko";

  private FirecrackerStandIn() {}

  /** The driver, with the stand-in for a program. */
  static Vmm in(Jail jail, GuestKernel kernel) throws IOException {
    Path program = jail.store().resolve("firecracker");
    if (!Files.exists(program)) {
      Path modules = kernel.image().resolveSibling("../lib/modules").resolve(kernel.version());
      var bridge = new Cpio();
      bridge.file("bridge", true, compiled(jail.store()));
      bridge.directory("bridge-modules");
      bridge.file(
          "bridge-modules/loopback.ko", false, Files.readAllBytes(modules.resolve(LOOPBACK)));
      write(program, jail, bridge.finish());
    }
    return Firecracker.emulating(jail, program, kernel);
  }

  private static void write(Path program, Jail jail, byte[] bridge) throws IOException {
    try (OutputStream out = Files.newOutputStream(program)) {
      out.write("#!/usr/bin/python3\n".getBytes(StandardCharsets.US_ASCII));
      try (var files = new ZipOutputStream(out)) {
        for (String name : PROGRAMS) {
          put(files, name, resource(name));
        }
        put(files, "bridge.cpio", bridge);
        put(files, "private_ram.so", Files.readAllBytes(jail.program("private_ram.so")));
        String clock = said(List.of(jail.program("machine").toString(), "--clock")).strip();
        String arguments = "tsc=reliable reboot=t tsc_early_khz=" + clock;
        put(files, "arguments", arguments.getBytes(StandardCharsets.US_ASCII));
      }
    }
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void put(ZipOutputStream files, String name, byte[] bytes) throws IOException {
    files.putNextEntry(new ZipEntry(name));
    files.write(bytes);
    files.closeEntry();
  }

  static byte[] resource(String name) throws IOException {
    try (InputStream in = FirecrackerStandIn.class.getResourceAsStream("firecracker/" + name)) {
      return in.readAllBytes();
    }
  }

  private static byte[] compiled(Path directory) throws IOException {
    Path source = Files.write(directory.resolve("bridge.c"), resource("bridge.c"));
    Path program = directory.resolve("bridge");
    String words = "gcc -std=gnu17 -Wall -Wextra -Werror -D_GNU_SOURCE -Os -static -s -o";
    var command = new ArrayList<>(List.of(words.split(" ")));
    command.addAll(List.of(program.toString(), source.toString()));
    var _ = said(command);
    return Files.readAllBytes(program);
  }

  private static String said(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var out = process.getInputStream()) {
      String said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException(command + ": " + said);
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
