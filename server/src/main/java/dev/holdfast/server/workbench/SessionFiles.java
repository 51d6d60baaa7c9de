package dev.holdfast.server.workbench;

import java.nio.file.Path;
import java.util.Map;

/**
 * The files of a workbench that no run has, on the host.
 *
 * @param tree what the workbench sees
 * @param saved where that is which a checkpoint saves
 * @param origin what has to be known beside it to make the same files again; empty when it is all
 * @param removal removes them, once
 */
record SessionFiles(Path tree, Path saved, Map<String, String> origin, Runnable removal) {}
