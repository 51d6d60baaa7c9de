package dev.holdfast.image.unpack;

/**
 * What unpacking came to.
 *
 * @param bytes of all files, as they were written
 * @param entries that were there, left-out ones too
 * @param devices left out: nothing inside may open one, and on the host they would be dangerous
 * @param setIds set-user and set-group bits left out: they have no effect in a workbench
 * @param attributes entries whose extended attributes were left out: capabilities and labels, which
 *     have no effect there either
 */
public record Unpacked(long bytes, long entries, long devices, long setIds, long attributes) {
  public static final Unpacked NOTHING = new Unpacked(0, 0, 0, 0, 0);

  Unpacked plus(Unpacked more) {
    return new Unpacked(
        bytes + more.bytes,
        entries + more.entries,
        devices + more.devices,
        setIds + more.setIds,
        attributes + more.attributes);
  }
}
