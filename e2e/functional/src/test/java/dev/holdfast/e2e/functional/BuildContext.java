package dev.holdfast.e2e.functional;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A directory to build an image from, with this machine's busybox in it. */
record BuildContext(Path directory, Cli cli) {
  /** The first stages of a Dockerfile: busybox, two accounts, and {@code FROM base}. */
  static final String BASE =
      """
      FROM scratch AS base
      COPY busybox /bin/busybox
      COPY busybox /bin/sh
      RUN ["/bin/busybox", "--install", "-s", "/bin"]
      RUN <<EOF
      mkdir -p /etc /root; mkdir -m 1777 /tmp
      cat >/etc/passwd <<PASSWD
      root:x:0:0::/root:/bin/sh
      app:x:4711:4712::/app:/bin/sh
      PASSWD
      EOF
      FROM base
      """;

  static BuildContext in(Path temp) throws Exception {
    var context = Files.createDirectories(temp.resolve("context"));
    Files.copy(Path.of("/bin/busybox"), context.resolve("busybox"));
    return new BuildContext(context, new Cli(temp.resolve("home")));
  }

  Path write(String name, String content) throws Exception {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  Cli.Said build(String dockerfile, String... options) throws Exception {
    write("Dockerfile", dockerfile);
    return buildWhatIsThere(options);
  }

  Cli.Said buildWhatIsThere(String... options) throws Exception {
    var command = new ArrayList<>(List.of("images", "build", "-t", "localhost/made"));
    command.addAll(List.of(options));
    command.add(".");
    return cli.run(directory, command.toArray(String[]::new));
  }

  /** What a script says in a workbench of the image. */
  String inside(String script) throws Exception {
    return cli.run(directory, "exec", "--image", "localhost/made", "--", "sh", "-c", script)
        .orFail()
        .out();
  }
}
