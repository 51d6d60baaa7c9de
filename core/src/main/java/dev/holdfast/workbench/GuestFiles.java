package dev.holdfast.workbench;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * The files of a workbench's workspace, reached through the guest and so with no more rights than
 * the agent has. Paths are relative to the workspace; a path that leaves it, by {@code ..}, by an
 * absolute path or through a symbolic link, is refused ({@link FileError.Code#OUTSIDE}), also when
 * the tree changes meanwhile (the guest resolves with openat2 and RESOLVE_BENEATH).
 */
public interface GuestFiles {
  /**
   * Reads at most {@code limit} bytes from {@code offset}.
   *
   * @throws FileError when the path is missing, outside, a directory, or not readable
   */
  byte[] read(String path, long offset, int limit);

  /**
   * Replaces or creates a file atomically (a temporary file beside it, then rename), making missing
   * parent directories. An existing file's mode is kept; a new one gets 0644, or 0755 when {@code
   * executable}.
   *
   * @throws FileError when the path is outside, a directory, or the disk is full
   */
  void write(String path, byte[] content, boolean executable);

  /**
   * As {@link #write(String, byte[], boolean)}, of any length, carried piece by piece. When {@code
   * content} fails there is nothing new at the path.
   *
   * @throws IOException when {@code content} cannot be read to its end
   */
  void write(String path, InputStream content, boolean executable) throws IOException;

  /**
   * What the path names, a symbolic link itself and not its target; empty when there is nothing.
   */
  Optional<FileEntry> stat(String path);

  /** The entries of a directory, sorted by name, at most {@code limit} of them. */
  List<FileEntry> list(String path, int limit);

  /** Removes a file, a symbolic link, or a directory with everything below it. */
  void delete(String path);

  /** Makes a directory and its missing parents; an existing one is fine. */
  void makeDirectory(String path);

  /** Moves a file or directory within the workspace, replacing a file at the target. */
  void move(String from, String to);
}
