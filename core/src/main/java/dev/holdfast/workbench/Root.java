package dev.holdfast.workbench;

import java.nio.file.Path;
import java.util.Map;

/** What a workbench has as its system: programs, libraries, {@code /etc}. Always read-only. */
public sealed interface Root {
  /** Who the agent is inside. */
  AgentIds agent();

  /** The host's own {@code /usr}, with a small generated {@code /etc}. */
  record Host() implements Root {
    @Override
    public AgentIds agent() {
      return AgentIds.DEFAULT;
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
}
