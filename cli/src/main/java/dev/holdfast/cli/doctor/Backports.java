package dev.holdfast.cli.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Installs from the release's backports where they are not among the machine's sources: from the
 * same place as the release itself, for this one installation, with nothing left configured.
 */
record Backports(Host host, String release) {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Path KEYS = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");

  /**
   * @param name a package and where it comes from, for example {@code runsc/bookworm-backports}
   */
  static Optional<Backports> of(Host host, String name) {
    int slash = name.indexOf('/');
    return slash < 0
        ? Optional.empty()
        : Optional.of(new Backports(host, name.substring(slash + 1)));
  }

  Host.Ran install(String name) {
    try {
      var scratch = Files.createTempDirectory("holdfast-apt");
      try {
        return install(name, scratch);
      } finally {
        host.run(LIMIT, "rm", "-rf", scratch.toString());
      }
    } catch (IOException e) {
      return new Host.Ran(127, String.valueOf(e.getMessage()));
    }
  }

  private Host.Ran install(String name, Path scratch) throws IOException {
    var place = place();
    if (place.isEmpty()) {
      return new Host.Ran(1, "no source of this machine has the release of `%s`".formatted(name));
    }
    var keys = Files.exists(KEYS) ? "[signed-by=%s] ".formatted(KEYS) : "";
    var sources = scratch.resolve("sources.list");
    Files.writeString(sources, "deb %s%s %s main\n".formatted(keys, place.get(), release));
    Files.createDirectories(scratch.resolve("lists/partial"));
    var updated = host.run(LIMIT, apt(scratch, sources, "update"));
    return updated.ok()
        ? host.run(LIMIT, apt(scratch, sources, "install", "-y", "--no-install-recommends", name))
        : updated;
  }

  /** Where the release itself comes from. */
  private Optional<String> place() {
    var codename = release.replace("-backports", "");
    var format = "$(CODENAME) $(COMPONENT) $(REPO_URI)";
    return host.run(LIMIT, "apt-get", "indextargets", "--format", format, "Created-By: Packages")
        .output()
        .lines()
        .filter(line -> line.startsWith(codename + " main "))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .findFirst();
  }

  private static String[] apt(Path scratch, Path sources, String... words) {
    var command = new ArrayList<String>();
    command.add("apt-get");
    for (var option :
        List.of(
            "Dir::Etc::sourcelist=" + sources,
            "Dir::Etc::sourceparts=/dev/null",
            "Dir::State::lists=" + scratch.resolve("lists"),
            "APT::Sandbox::User=root")) {
      command.addAll(List.of("-o", option));
    }
    command.addAll(List.of(words));
    return command.toArray(String[]::new);
  }
}
