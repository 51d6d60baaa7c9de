package dev.holdfast.cli.doctor;

import static dev.holdfast.cli.doctor.Check.Need.OPTIONAL;
import static dev.holdfast.cli.doctor.Check.Need.REQUIRED;

import java.util.List;

/** Every check there is, in the order that they are shown. */
final class Checks {
  static final List<Check> ALL =
      List.of(
          new Check("kernel", "kernel", REQUIRED, KernelChecks::kernel),
          new Check("user-namespaces", "user namespaces", REQUIRED, KernelChecks::userNamespaces),
          new Check("cgroups", "cgroups", REQUIRED, KernelChecks::cgroups),
          new Check("overlayfs", "overlay file system", REQUIRED, KernelChecks::overlay),
          new Check("loop", "loop devices and ext4", REQUIRED, KernelChecks::loop),
          new Check("disk", "disk space", REQUIRED, ProgramChecks::disk),
          new Check("oci", "OCI runtime", REQUIRED, OciCheck::inspect),
          new Check("rootless", "without root", OPTIONAL, RootlessCheck::inspect),
          program("git", "git", "git", REQUIRED),
          program("rg", "ripgrep", "ripgrep", REQUIRED),
          program("python3", "Python (for the demo)", "python3", REQUIRED),
          new Check("jdk", "JDK", REQUIRED, ProgramChecks::java),
          new Check("compiler", "C compiler and make", REQUIRED, ProgramChecks::compiler),
          new Check("inotify", "inotify instances", OPTIONAL, KernelChecks::inotify),
          program("docker-registry", "a registry (for tests)", "docker-registry", OPTIONAL),
          new Check("openssl", "certificates (for tests)", OPTIONAL, Checks::openssl),
          new Check("busybox-static", "busybox (for tests)", OPTIONAL, Checks::busybox),
          new Check("gvisor", "gVisor", OPTIONAL, GvisorCheck::inspect),
          program("dockerd", "Docker daemon", "docker.io", OPTIONAL),
          new Check("podman", "Podman", OPTIONAL, PodmanCheck::inspect),
          new Check("microvm", "microVMs", OPTIONAL, MicrovmCheck::inspect));

  private Checks() {}

  /** Those without which Holdfast does not work. */
  static List<Check> required() {
    return ALL.stream().filter(check -> check.need() == REQUIRED).toList();
  }

  private static Finding openssl(Host host) {
    return ProgramChecks.answers(host, "openssl", "version", Remedy.install("openssl"));
  }

  private static Finding busybox(Host host) {
    return ProgramChecks.answers(host, "busybox", "--help", Remedy.install("busybox-static"));
  }

  /** A program that comes with a package; in JSON it has the package's name. */
  private static Check program(String program, String title, String pack, Check.Need need) {
    return new Check(
        pack,
        title,
        need,
        host -> ProgramChecks.answers(host, program, "--version", Remedy.install(pack)));
  }
}
