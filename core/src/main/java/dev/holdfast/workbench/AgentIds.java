package dev.holdfast.workbench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The user and group that the agent is inside, and which ids of the host the ids inside are. Id N
 * inside is {@link #FIRST} + N on the host, but for a swap: the agent, whatever its id inside, is
 * always {@link #OWNER}, so that one workspace fits every image.
 *
 * @param uid its user id inside, 1 to 65535 (65534 without root): the agent is never root
 * @param gid its group id inside, likewise
 */
public record AgentIds(int uid, int gid) {
  /**
   * Whether Holdfast runs in a user namespace that the launcher made for an ordinary user. There
   * the user is id 0, and 1 to 65535 are those that {@code /etc/subuid} gives him; no other exists.
   */
  public static final boolean ROOTLESS = !System.getProperty("holdfast.rootless", "").isEmpty();

  /**
   * The id that id 0 inside is, as Holdfast sees it. Of the host it is one far above what people
   * and services get; without root it is the first that is not the user himself.
   */
  public static final int FIRST = ROOTLESS ? 1 : 0x7000_0000;

  /** How many ids there are inside, from 0. */
  public static final int COUNT = ROOTLESS ? 65_535 : 65_536;

  /** What the agent is inside when nothing else is said. */
  public static final int USUAL = 1000;

  /** What the agent is, as Holdfast sees it. */
  public static final int OWNER = FIRST + USUAL;

  public static final AgentIds DEFAULT = new AgentIds(USUAL, USUAL);

  public AgentIds {
    for (int id : new int[] {uid, gid}) {
      if (id < 1 || id >= COUNT) {
        throw new IllegalArgumentException(
            "agent id `%d` is not allowed: it is 1 to %d".formatted(id, COUNT - 1));
      }
    }
  }

  /** Ids {@code inside} to {@code inside + size - 1} are {@code host} and on. */
  public record Range(int inside, int host, int size) {}

  /** The host's number of a user inside, which must be below {@link #COUNT}. */
  public int hostUid(int inside) {
    return host(inside, uid);
  }

  /** The host's number of a group inside, which must be below {@link #COUNT}. */
  public int hostGid(int inside) {
    return host(inside, gid);
  }

  /** All users inside and what they are, in ascending order. */
  public List<Range> users() {
    return ranges(uid);
  }

  /** All groups inside and what they are, in ascending order. */
  public List<Range> groups() {
    return ranges(gid);
  }

  private static int host(int inside, int agent) {
    if (inside < 0 || inside >= COUNT) {
      throw new IllegalArgumentException(
          "id `%d` is not allowed inside: it is 0 to %d".formatted(inside, COUNT - 1));
    }
    return FIRST + (inside == agent ? USUAL : inside == USUAL ? agent : inside);
  }

  private static List<Range> ranges(int agent) {
    int[] cuts =
        IntStream.of(0, agent, agent + 1, USUAL, USUAL + 1, COUNT).sorted().distinct().toArray();
    var ranges = new ArrayList<Range>();
    for (int i = 0; i + 1 < cuts.length; i++) {
      ranges.add(new Range(cuts[i], host(cuts[i], agent), cuts[i + 1] - cuts[i]));
    }
    return agent == USUAL ? List.of(new Range(0, FIRST, COUNT)) : List.copyOf(ranges);
  }
}
