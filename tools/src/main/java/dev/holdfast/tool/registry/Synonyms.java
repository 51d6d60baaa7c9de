package dev.holdfast.tool.registry;

import java.util.List;
import java.util.Set;

/** Names that models use for the same thing, learned from the tools of other agents. */
final class Synonyms {
  private static final List<Set<String>> GROUPS =
      List.of(
          Set.of(
              "path",
              "file_path",
              "filepath",
              "file",
              "filename",
              "file_name",
              "target_file",
              "directory",
              "dir",
              "directory_path",
              "dir_path",
              "folder"),
          Set.of("directory", "cwd", "workdir", "working_directory", "workspace"),
          Set.of("script", "command", "cmd", "bash", "shell_command", "code"),
          Set.of("content", "contents", "text", "file_text", "file_content", "data"),
          Set.of("old_text", "old_string", "old_str", "old", "search_text", "find"),
          Set.of(
              "new_text", "new_string", "new_str", "new", "replacement", "replace", "replace_with"),
          Set.of("edits", "changes", "replacements"),
          Set.of("patch", "diff", "unified_diff", "input"),
          Set.of("pattern", "query", "regex", "search", "expression", "text", "glob"),
          Set.of("first_line", "start_line", "line_start", "from_line", "offset", "start"),
          Set.of("last_line", "end_line", "line_end", "to_line", "end"),
          Set.of("max_results", "limit", "head_limit", "max_count", "count"),
          Set.of("timeout_seconds", "timeout", "timeout_sec", "time_limit"),
          Set.of("background", "run_in_background", "is_background", "detach"),
          Set.of("question", "prompt", "message", "query"),
          Set.of("title", "summary", "subject", "name"),
          Set.of("description", "body", "explanation", "details"));

  private Synonyms() {}

  /** Whether two names mean the same. */
  static boolean same(String a, String b) {
    var left = DidYouMean.normal(a);
    var right = DidYouMean.normal(b);
    return left.equals(right)
        || GROUPS.stream().anyMatch(group -> group.contains(left) && group.contains(right));
  }
}
