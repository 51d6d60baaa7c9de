package dev.holdfast.workbench.oci;

/**
 * What the host allows a workbench's limits to be.
 *
 * @param openFiles the most files that a process may be allowed to open
 * @param tcpMemory whether a control group can limit the memory of TCP's buffers
 */
record HostLimits(long openFiles, boolean tcpMemory) {}
