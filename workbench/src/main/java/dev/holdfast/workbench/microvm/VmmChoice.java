package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Caps;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.Jail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which monitor runs the machines of a state directory. The host's processor is used only by a
 * monitor that has booted a machine with it here: where the device is there and runs no guests,
 * monitors hang.
 */
record VmmChoice(Path home, Jail jail, GuestKernel kernel) {
  private static final String PROBE = "microvm";
  private static final Path KVM = Path.of("/dev/kvm");

  /** On the host's own processor a machine boots in about a second. */
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final int LONGEST_PROBLEM = 200;

  private static final List<String> DIRECTORIES =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin");

  /** What whoever runs an installation wants. */
  enum Asked {
    /** The best that works. */
    AUTO,
    /** Firecracker or nothing. */
    FIRECRACKER,
    /** QEMU, on whatever processor works. */
    QEMU;

    private static final String VARIABLE = "HOLDFAST_MICROVM_MONITOR";

    static Asked of(Map<String, String> env) {
      String name = env.getOrDefault(VARIABLE, AUTO.typed());
      return Arrays.stream(values())
          .filter(asked -> asked.typed().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new WorkbenchException(
                      "`%s` is `%s`: %s are allowed"
                          .formatted(
                              VARIABLE,
                              name,
                              Arrays.stream(values())
                                  .map(Asked::typed)
                                  .collect(Collectors.joining(", ")))));
    }

    private String typed() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The ways to run machines, best first. */
  private enum Way {
    FIRECRACKER("Firecracker"),
    QEMU_WITH_KVM("QEMU with KVM"),
    QEMU_EMULATING("QEMU, which emulates the processor");

    private final String words;

    Way(String words) {
      this.words = words;
    }

    boolean isFor(Asked asked) {
      return switch (asked) {
        case AUTO -> true;
        case FIRECRACKER -> this == FIRECRACKER;
        case QEMU -> this != FIRECRACKER;
      };
    }
  }

  /**
   * The monitor. Remembered until the host boots anew or a program changes.
   *
   * @throws WorkbenchException when what is asked for does not work, with the reason
   */
  Vmm of(Asked asked) throws IOException {
    String dependsOn = dependsOn(asked);
    Optional<String> known = jail.recall(PROBE, dependsOn);
    for (Way way : Way.values()) {
      if (known.filter(way.name()::equals).isPresent()) {
        return monitor(way);
      }
    }
    Way way = first(asked, new ArrayList<>());
    jail.remember(PROBE, dependsOn, way.name());
    return monitor(way);
  }

  /** The same in words, with what came of the others; nothing is remembered. */
  String examine(Asked asked) {
    var problems = new ArrayList<String>();
    var words = new ArrayList<>(List.of(first(asked, problems).words));
    words.addAll(problems);
    return String.join("; ", words);
  }

  private Way first(Asked asked, List<String> problems) {
    for (Way way : Way.values()) {
      if (way.isFor(asked)) {
        Optional<String> problem = problem(way);
        if (problem.isEmpty()) {
          return way;
        }
        problems.add("%s: %s".formatted(way.words, problem.get()));
      }
    }
    throw new WorkbenchException("microVMs do not work here: " + String.join("; ", problems));
  }

  private Vmm monitor(Way way) throws IOException {
    return switch (way) {
      case FIRECRACKER ->
          Firecracker.in(
              jail,
              firecracker()
                  .orElseThrow(() -> new WorkbenchException("`firecracker` is not installed")),
              kernel);
      case QEMU_WITH_KVM -> Qemu.withKvm(jail, kernel);
      case QEMU_EMULATING -> Qemu.emulating(jail, kernel);
    };
  }

  private static Optional<Path> firecracker() {
    return DIRECTORIES.stream()
        .map(directory -> Path.of(directory, "firecracker"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Why it does not work; empty when it does. Emulation needs no more than its program. */
  private Optional<String> problem(Way way) {
    try {
      Vmm vmm = monitor(way);
      if (way == Way.QEMU_EMULATING) {
        return Optional.empty();
      }
      return Files.exists(KVM)
          ? trial(vmm)
          : Optional.of("`%s` is missing; try `modprobe kvm_intel` or `kvm_amd`".formatted(KVM));
    } catch (IOException | WorkbenchException e) {
      String words = String.valueOf(e.getMessage()).replaceAll("\\s+|\\p{Cntrl}", " ");
      return Optional.of(words.substring(0, Math.min(words.length(), LONGEST_PROBLEM)));
    }
  }

  /** Makes a workbench and works in it. What hangs is ended with its jail. */
  private Optional<String> trial(Vmm vmm) throws IOException {
    try (var engine = new MicrovmEngine(home, jail, kernel, vmm, LIMIT);
        var workbench = engine.create(WorkbenchSpec.empty(Caps.DEFAULT))) {
      var result = workbench.exec(ExecSpec.of("true").withWallTime(LIMIT));
      return result.succeeded()
          ? Optional.empty()
          : Optional.of("a program inside ended with " + result.end());
    }
  }

  private String dependsOn(Asked asked) throws IOException {
    var text = new StringBuilder(asked.typed()).append(' ').append(Files.exists(KVM));
    List<Path> files =
        Stream.concat(
                firecracker().stream(),
                Stream.of(Qemu.PROGRAM, kernel.image()).filter(Files::exists))
            .toList();
    for (Path file : files) {
      text.append(' ').append(file).append('=').append(Files.getLastModifiedTime(file).toMillis());
    }
    return text.toString();
  }
}
