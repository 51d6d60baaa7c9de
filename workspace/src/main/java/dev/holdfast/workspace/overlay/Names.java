package dev.holdfast.workspace.overlay;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** File names that git, or a git on another file system, would take for its own. */
final class Names {
  /** What HFS+ leaves out when it compares names. */
  private static final String INVISIBLE =
      "[\u200c\u200d\u200e\u200f\u202a-\u202e\u206a-\u206f\ufeff]";

  private static final Set<String> LINK_FREE = Set.of(".gitmodules");

  private Names() {}

  /** Why no change may hold {@code node} under the raw name {@code name}, if so. */
  static Optional<String> refusal(String name, Node node) {
    if (node instanceof Node.Whiteout) {
      return Optional.empty();
    }
    if (name.equals(".git") && !(node instanceof Node.Link)) {
      return Optional.of("belongs to a git repository inside the workspace");
    }
    if (isDotGit(name)) {
      return Optional.of("is a name that some systems take for `.git`");
    }
    if (node instanceof Node.Link && LINK_FREE.contains(plain(name))) {
      return Optional.of("must not be a symbolic link");
    }
    return Optional.empty();
  }

  static boolean isDotGit(String name) {
    String plain = plain(name);
    return plain.equals(".git") || plain.equals("git~1");
  }

  private static String plain(String name) {
    String text = Raw.text(name).replaceAll(INVISIBLE, "").toLowerCase(Locale.ROOT);
    int stream = text.indexOf(':');
    String main = stream >= 0 ? text.substring(0, stream) : text;
    int backslash = main.lastIndexOf('\\');
    return main.substring(backslash + 1).replaceAll("[ .]+$", "");
  }
}
