package dev.holdfast.files;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** What {@link Files} lacks. */
public final class HostFiles {
  private HostFiles() {}

  /**
   * Removes a tree; links are removed, not followed. Fine when there is none, or when somebody else
   * removes it at the same time. Not for trees in which an agent can still rename directories.
   */
  public static void delete(Path tree) throws IOException {
    Files.walkFileTree(tree, new Remover());
  }

  /**
   * The text of a kernel's file, such as one below {@code /proc/sys}. {@code Files.readString} asks
   * for one byte first where the size is 0, and of a setting that is a number the kernel then gives
   * no second part.
   */
  public static String ofKernel(Path file) throws IOException {
    try (var in = new FileInputStream(file.toFile())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static final class Remover extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (failure instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
