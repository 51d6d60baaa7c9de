package dev.holdfast.workbench.microvm;

import dev.holdfast.workbench.Caps;

/**
 * The size of a virtual machine.
 *
 * @param memoryMiB memory of the machine
 * @param cpus virtual processors
 */
record Machine(long memoryMiB, int cpus) {
  private static final long MIB = 1 << 20;

  /** What the kernel and its file systems take beside the workbench's own cap. */
  private static final long KERNEL_MIB = 160;

  /** A page's worth of bookkeeping for each 64 pages. */
  private static final int BOOKKEEPING = 64;

  /**
   * The machine that a workbench with these caps gets.
   *
   * @param mostCpus more of them would only be in each other's way
   */
  static Machine of(Caps caps, int mostCpus) {
    long cap = (caps.memoryBytes() + MIB - 1) / MIB;
    int wanted = (int) Math.ceil(Math.min(caps.cpus(), mostCpus));
    return new Machine((cap + cap / BOOKKEEPING + KERNEL_MIB + 1) & ~1L, Math.max(1, wanted));
  }

  /**
   * The caps of the jail that it runs in.
   *
   * @param monitorBytes what the monitor takes itself
   * @param threads the most that it has, beside one for each processor
   * @param fileBytes the largest file that it writes
   */
  Caps jail(Caps caps, long monitorBytes, int threads, long fileBytes) {
    return new Caps(
        ramBytes() + monitorBytes,
        caps.cpus(),
        threads + cpus,
        fileBytes,
        Integer.MAX_VALUE,
        MIB,
        MIB,
        caps.wallTime());
  }

  long ramBytes() {
    return memoryMiB * MIB;
  }
}
