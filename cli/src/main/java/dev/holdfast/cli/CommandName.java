package dev.holdfast.cli;

import dev.holdfast.cli.command.Command;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every command that there is. Loading one loads its classes and no other's. */
enum CommandName {
  COMPLETION(Group.HOST, "prints a completion script for bash, zsh or fish"),
  VERSION(Group.HOST, "prints the version");

  /** The headings of the help. */
  enum Group {
    WORK("Give an agent a task"),
    REVIEW("Look at a run and decide"),
    GOVERN("Tools, policy, budgets, audit"),
    HOST("This machine");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  private final Group group;
  private final String summary;

  CommandName(Group group, String summary) {
    this.group = group;
    this.summary = summary;
  }

  Group group() {
    return group;
  }

  String summary() {
    return summary;
  }

  /** As it is typed. */
  String typed() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<CommandName> of(String typed) {
    return Arrays.stream(values()).filter(name -> name.typed().equals(typed)).findFirst();
  }

  Command load() {
    return switch (this) {
      case COMPLETION -> new CompletionCommand();
      case VERSION -> new VersionCommand();
    };
  }
}
