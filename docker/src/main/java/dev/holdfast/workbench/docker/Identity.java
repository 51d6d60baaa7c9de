package dev.holdfast.workbench.docker;

import com.github.dockerjava.api.model.Info;
import dev.holdfast.workbench.AgentIds;
import dev.holdfast.workbench.Root;
import dev.holdfast.workbench.WorkbenchException;
import java.util.List;

/**
 * Who the agent is inside. Podman maps the user ids of each container; Docker maps them for all of
 * its containers or for none. Without a mapping the agent has inside the very id that it has on the
 * host: still nobody's, and the owner of its workspace, but no user namespace stands between it and
 * the host's ids.
 *
 * @param uid its user id inside
 * @param gid its group id inside
 * @param mapped whether a user namespace maps it
 */
record Identity(int uid, int gid, boolean mapped) {
  /** What the daemon's directory ends with when it maps ids as the container layer does. */
  private static final String OURS = "/%1$d.%1$d".formatted(AgentIds.FIRST);

  /**
   * @param perContainer whether the daemon maps the ids of each container as it is told
   * @param root whose agent it is
   * @throws WorkbenchException when the daemon maps ids such that workspaces would not be the
   *     agent's
   */
  static Identity under(Info info, boolean perContainer, Root root) {
    List<String> options =
        info.getSecurityOptions() == null ? List.of() : info.getSecurityOptions();
    if (options.stream().anyMatch(option -> option.startsWith("name=rootless"))) {
      throw new WorkbenchException(
          "the daemon is rootless: it cannot give workspaces to id `%d`; a daemon of root is needed"
              .formatted(AgentIds.OWNER));
    }
    if (perContainer) {
      return new Identity(root.agent().uid(), root.agent().gid(), true);
    }
    if (options.stream().noneMatch(option -> option.startsWith("name=userns"))) {
      return new Identity(AgentIds.OWNER, AgentIds.OWNER, false);
    }
    if (String.valueOf(info.getDockerRootDir()).endsWith(OURS)) {
      return new Identity(AgentIds.USUAL, AgentIds.USUAL, true);
    }
    throw new WorkbenchException(
        "the daemon maps user ids as `%s`: it must map from `%d`, as `dockremap:%d:%d` in /etc/subuid and /etc/subgid"
            .formatted(info.getDockerRootDir(), AgentIds.FIRST, AgentIds.FIRST, AgentIds.COUNT));
  }
}
