package dev.holdfast.workbench.oci;

import dev.holdfast.workbench.WorkbenchId;
import dev.holdfast.workbench.guest.OomProbe;
import java.util.OptionalLong;

/** Tells from the control group whether the kernel has killed for want of memory. */
final class OomCounter implements OomProbe {
  private final Cgroups cgroups;
  private final WorkbenchId id;
  private final long limitBytes;
  private long seen;

  OomCounter(Cgroups cgroups, WorkbenchId id, long limitBytes) {
    this.cgroups = cgroups;
    this.id = id;
    this.limitBytes = limitBytes;
  }

  @Override
  public synchronized OptionalLong reachedSinceLastAsked(boolean guestSays) {
    long now = cgroups.oomKills(id);
    boolean more = now > seen;
    seen = now;
    return more ? OptionalLong.of(limitBytes) : OptionalLong.empty();
  }
}
