package dev.holdfast.cli.completion;

import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;

/** A shell that completion scripts are written for. */
public enum Shell {
  BASH {
    @Override
    public String script(CommandSpec program) {
      return AutoComplete.bash(program.name(), program.commandLine());
    }
  },
  /** The bash script prepares itself for zsh. */
  ZSH {
    @Override
    public String script(CommandSpec program) {
      return BASH.script(program);
    }
  },
  FISH {
    @Override
    public String script(CommandSpec program) {
      return Fish.script(program);
    }
  };

  /** The script for a program with these sub-commands and options. */
  public abstract String script(CommandSpec program);
}
