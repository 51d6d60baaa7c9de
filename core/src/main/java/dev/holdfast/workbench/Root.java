package dev.holdfast.workbench;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a workbench has as its system: programs, libraries, {@code /etc}. Read-only, but for a
 * draft.
 */
public sealed interface Root {
  /** Who the agent is inside; on a draft, how the ids of its files are to be read. */
  AgentIds agent();

  /**
   * The host's own {@code /usr}, with a small generated {@code /etc}.
   *
   * @param agent other than the usual ids only around a program that serves an image's files
   */
  record Host(AgentIds agent) implements Root {
    /** With the usual ids. */
    public Host() {
      this(AgentIds.DEFAULT);
    }
  }

  /**
   * An image, laid out on the host.
   *
   * @param tree its files, owned as {@code agent} says, below a directory that only root can enter;
   *     {@code /home/agent} is a directory in it and {@code /etc/hosts} a file, both reached
   *     without symbolic links. Nobody changes it while a workbench uses it
   * @param env what the image sets; the account's own ({@code HOME}, {@code USER}, {@code LOGNAME})
   *     does not count, because the workbench makes the account
   */
  record Image(Path tree, Map<String, String> env, AgentIds agent) implements Root {
    public Image {
      if (!tree.isAbsolute()) {
        throw new IllegalArgumentException(
            "image tree `%s` is not allowed: it must be absolute".formatted(tree));
      }
      env = Map.copyOf(env);
    }
  }

  /**
   * An image that is being made: what programs change becomes its next layer. On the container
   * layer only.
   *
   * @param tree what there is so far, each id N as {@link AgentIds#FIRST} + N, with the directories
   *     {@code dev}, {@code proc}, {@code run} and {@code sys}; nobody changes it meanwhile
   * @param changes an empty directory that takes the changes, as the upper directory of an overlay
   * @param work an empty directory of the same file system, for the kernel
   * @param env what the image sets
   * @param uid who programs are inside. 0 may give files of the workbench's own ids to others of
   *     them, and become them; on the host it is nobody
   * @param gid the group likewise
   */
  record Draft(Path tree, Path changes, Path work, Map<String, String> env, int uid, int gid)
      implements Root {
    public Draft {
      env = Map.copyOf(env);
      for (int id : new int[] {uid, gid}) {
        if (id < 0 || id >= AgentIds.COUNT) {
          throw new IllegalArgumentException(
              "id `%d` is not allowed in an image: it is 0 to %d"
                  .formatted(id, AgentIds.COUNT - 1));
        }
      }
    }

    @Override
    public AgentIds agent() {
      return AgentIds.DEFAULT;
    }
  }
}
