package dev.holdfast.workbench;

import java.nio.file.Path;

/**
 * An ephemeral sandbox with a live guest in it. Thread-safe; executions run concurrently.
 *
 * <p>Every method throws {@link WorkbenchException} once the workbench is gone.
 */
public interface Workbench extends AutoCloseable {
  WorkbenchId id();

  /** Starts a program and returns at once; the caller reads, writes, signals and awaits it. */
  Execution start(ExecSpec spec);

  /**
   * Runs a program to its end and gathers its output, bounded by the spec's limits. Never hangs: a
   * breach of a limit is part of the result.
   */
  ExecResult exec(ExecSpec spec);

  /** The files below the workspace. */
  GuestFiles files();

  /**
   * Makes connections to {@code 127.0.0.1:guestPort} inside the workbench arrive at the Unix socket
   * {@code target} on the host, through the guest's channel.
   *
   * @return ends the relay when closed
   */
  AutoCloseable relay(int guestPort, Path target);

  /**
   * Connects to a program that listens on {@code guestPort} of the loopback addresses inside,
   * through the guest's channel. As many as 256 connections are open at once.
   *
   * @throws WorkbenchException when nobody listens there, or it does not answer within 15 s
   */
  Connection connect(int guestPort);

  /**
   * Looks at what happens to the files below a directory of the workspace, as programs inside cause
   * it. What the host changes there is not seen on every layer.
   *
   * @param path as for {@link #files}; the workspace itself when empty
   * @throws FileError when there is no such directory
   * @throws NotOnThisLayer where the kernel inside does not tell
   * @throws WorkbenchException when it cannot be watched; four at once are
   */
  FileEvents watch(String path);

  /** Ends every process inside except the guest itself, background ones too. */
  void killAll();

  /**
   * Holds everything inside still: no program uses the processor, and the time of running ones does
   * not count. Until {@link #resume} every other call but {@link #close} is refused. Idempotent.
   *
   * @throws WorkbenchException when it cannot be held; it goes on then
   */
  void pause();

  /** Lets a paused workbench go on. Idempotent. */
  void resume();

  /** Whether the guest still answers; a paused one counts as one that does. */
  boolean alive();

  /** Ends the workbench and removes everything it held; returns when that is done. Idempotent. */
  @Override
  void close();
}
