package dev.holdfast.tool.lint;

import dev.holdfast.tool.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Effects that are less than what the tool does: policies decide on them. */
final class EffectRules implements Rule {
  /** Programs, and programs with a word of theirs, that change files. */
  private static final Set<String> WRITING =
      set(
          """
          rm, rmdir, mv, cp, ln, tee, dd, touch, mkdir, truncate, install, chmod, chown, chgrp
          patch, shred, unlink, rsync, tar, unzip, gzip, sh, bash, dash, zsh, make, npm, pip, pip3
          cargo, mvn, git add, git apply, git am, git branch, git checkout, git cherry-pick
          git clean, git commit, git merge, git mv, git rebase, git reset, git restore, git revert
          git rm, git stash, git switch, git tag, sed -i, sed --in-place, find -delete, sort -o
          sort --output=, perl -i, perl -pi
          """);

  /** Those that reach beyond the workbench. */
  private static final Set<String> REACHING =
      set(
          """
          curl, wget, ssh, scp, sftp, nc, ncat, socat, telnet, ftp, gh, glab, aws, gcloud, az
          kubectl, terraform, tofu, helm, docker, podman, psql, mysql, redis-cli, ping, dig
          git clone, git fetch, git pull, git push, git ls-remote, npm install, npm publish, npm ci
          pip install, pip3 install, cargo publish, mvn deploy
          """);

  /** Programs that run the program which their arguments name. */
  private static final Set<String> RUNNING =
      set("env, timeout, nice, nohup, xargs, sudo, time, setsid, stdbuf, ionice, find, watch");

  private static final Set<String> CHANGING_VERBS =
      set(
          """
          write, edit, create, update, delete, remove, set, move, rename, deploy, send, publish
          push, merge, reset, drop, insert, append, upload, kill
          """);

  private static Set<String> set(String words) {
    return Set.of(words.strip().split("\\s*[,\n]\\s*", -1));
  }

  @Override
  public List<Finding> check(Subject tool) {
    if (tool.effects().isEmpty()) {
      return List.of();
    }
    var effects = tool.effects().get();
    var findings = new ArrayList<Finding>();
    if (effects.isEmpty()) {
      findings.add(
          tool.error(
              "effects-missing",
              "effects",
              "without effects the policy takes the tool at its worst",
              "list what it does: read, write, execute, network, ask"));
      return findings;
    }
    command(tool, effects, findings);
    verb(tool, effects, findings);
    if (effects.contains(Effect.NETWORK) && tool.reversible()) {
      findings.add(
          tool.warning(
              "effects-reversible",
              "reversible",
              "a rollback of the workspace does not undo what left the workbench",
              "say `reversible: false`: an interrupted call is then asked about, not repeated"));
    }
    return findings;
  }

  private static void command(Subject tool, Set<Effect> effects, List<Finding> findings) {
    var words = tool.command();
    if (words.isEmpty()) {
      return;
    }
    var program = base(words.getFirst());
    check(tool, effects, program, program, findings);
    for (var word : words.subList(1, words.size())) {
      check(tool, effects, program + " " + word, program + " " + word, findings);
      if (RUNNING.contains(program)) {
        check(tool, effects, base(word), program + " " + word, findings);
      }
    }
  }

  private static void check(
      Subject tool, Set<Effect> effects, String command, String shown, List<Finding> findings) {
    if (WRITING.contains(command)) {
      understated(tool, effects, Effect.WRITE, shown, findings);
    }
    if (REACHING.contains(command)) {
      understated(tool, effects, Effect.NETWORK, shown, findings);
    }
  }

  private static String base(String program) {
    return program.substring(program.lastIndexOf('/') + 1);
  }

  private static void understated(
      Subject tool, Set<Effect> effects, Effect missing, String what, List<Finding> findings) {
    if (!effects.contains(missing)) {
      var effect = missing.name().toLowerCase(java.util.Locale.ROOT);
      findings.add(
          tool.error(
              "effects-understated",
              "effects",
              "it runs `%s`, and `%s` is not among its effects: the policy decides on less than it does"
                  .formatted(what, effect),
              "add `%s` to `effects`".formatted(effect)));
    }
  }

  private static void verb(Subject tool, Set<Effect> effects, List<Finding> findings) {
    var words = Words.of(tool.name());
    boolean onlyLooks = Set.of(Effect.READ, Effect.ASK).containsAll(effects);
    if (onlyLooks && !words.isEmpty() && CHANGING_VERBS.contains(words.getFirst())) {
      findings.add(
          tool.error(
              "effects-understated",
              "effects",
              "`%s` says that it changes something, its effects say that it only looks"
                  .formatted(tool.name()),
              "add the effect that it has, or give it another name"));
    }
  }
}
