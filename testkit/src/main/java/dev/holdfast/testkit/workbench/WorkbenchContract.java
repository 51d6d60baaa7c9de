package dev.holdfast.testkit.workbench;

/**
 * What the workbenches of every layer for agents do. A driver's test extends it; a layer that truly
 * differs says how with {@link #differences()}.
 */
public abstract class WorkbenchContract extends LayerContract
    implements Programs, Streams, FilesInside, LimitsHeld, Life, Relays, Watching, SavedStates {}
