package dev.holdfast.lease;

import java.util.List;

/**
 * What a process holds on the host under one name. It is written before the first of the resources
 * exists, so that it names everything that can be left when its owner is killed.
 *
 * @param name unique on this host
 * @param resources what may exist, in the order in which it has to be ended
 */
public record Lease(String name, Owner owner, List<Resource> resources) {
  /** What a resource is. */
  public enum Kind {
    PROCESS,
    CGROUP,
    MOUNT,
    DIRECTORY,
    SOCKET
  }

  /** One thing on the host: a process by number, anything else by its absolute path. */
  public record Resource(Kind kind, String name) {}

  public Lease {
    resources = List.copyOf(resources);
  }
}
