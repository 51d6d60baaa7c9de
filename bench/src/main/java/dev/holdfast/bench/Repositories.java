package dev.holdfast.bench;

import dev.holdfast.files.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Git repositories to measure with. */
final class Repositories {
  private static final int PER_DIRECTORY = 200;

  private Repositories() {}

  /** A repository of {@code files} small files in directories of 200, with one commit. */
  static Path make(Path at, int files) throws IOException, InterruptedException {
    for (int i = 0; i < files; i++) {
      var directory = at.resolve("d%03d/p%02d".formatted(i / 4000, i / PER_DIRECTORY % 20));
      if (i % PER_DIRECTORY == 0) {
        Files.createDirectories(directory);
      }
      Files.writeString(
          directory.resolve("File%d.java".formatted(i)), "final class File%d {}\n".formatted(i));
    }
    var git = at.toString();
    Programs.run("git", "-C", git, "init", "-q", "-b", "main");
    Programs.run("git", "-C", git, "config", "gc.auto", "0");
    Programs.run("git", "-C", git, "add", "-A");
    Programs.run(
        "git",
        "-C",
        git,
        "-c",
        "user.name=bench",
        "-c",
        "user.email=bench@localhost",
        "commit",
        "-q",
        "-m",
        "files");
    return at;
  }

  /** The large repository, made once and kept. */
  static Path cached(Path cache, int files) throws IOException, InterruptedException {
    var repository = cache.resolve("repo-" + files);
    if (!Files.exists(repository)) {
      var unfinished = cache.resolve("unfinished-" + files);
      HostFiles.delete(unfinished);
      Files.createDirectories(unfinished);
      Files.move(make(unfinished, files), repository);
    }
    return repository;
  }
}
