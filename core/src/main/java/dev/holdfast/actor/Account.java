package dev.holdfast.actor;

import dev.holdfast.run.Ids;
import java.util.List;

/**
 * Where in the organisation a run belongs: the path from the organisation down to the agent, along
 * which budgets and policies apply.
 */
public record Account(String organisation, String team, String project, AgentId agent) {
  public Account {
    Ids.require("organisation", organisation, Ids.NAME);
    Ids.require("team", team, Ids.NAME);
    Ids.require("project", project, Ids.NAME);
  }

  /** The account of a single developer on one machine. */
  public static Account local(String project, AgentId agent) {
    return new Account("local", "local", project, agent);
  }

  /**
   * The budget nodes from the root down, each named by its full path: {@code org}, {@code
   * org/team}, …
   */
  public List<String> path() {
    var team = organisation + "/" + this.team;
    var project = team + "/" + this.project;
    return List.of(organisation, team, project, project + "/" + agent);
  }
}
