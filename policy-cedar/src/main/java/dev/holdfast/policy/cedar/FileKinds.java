package dev.holdfast.policy.cedar;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Recognises files that matter more than others, by their path, whatever its case. */
final class FileKinds {
  private record Kind(String name, Pattern pattern) {}

  private static final List<Kind> KINDS =
      List.of(
          kind("git-hooks", "(.*/)?\\.git/hooks(/.*)?"),
          kind("git-internals", "(.*/)?\\.git(/.*)?"),
          kind("holdfast", "(.*/)?\\.holdfast(/.*)?"),
          kind(
              "ci",
              "(.*/)?(\\.github/(workflows|actions)(/.*)?|\\.gitlab-ci\\.ya?ml|\\.gitlab/ci(/.*)?"
                  + "|jenkinsfile[^/]*|\\.(circleci|buildkite|teamcity|woodpecker|ci|semaphore)(/.*)?"
                  + "|\\.travis\\.yml|\\.drone\\.ya?ml|\\.cirrus\\.yml|\\.?appveyor\\.ya?ml"
                  + "|azure-pipelines[^/]*\\.ya?ml|bitbucket-pipelines\\.yml|cloudbuild\\.ya?ml"
                  + "|codeowners|\\.github/dependabot\\.ya?ml)"),
          // Files that make a person's tools run something when they open or use the checkout.
          kind(
              "hooks",
              "(.*/)?(\\.(husky|githooks|devcontainer|claude|cursor)(/.*)?"
                  + "|\\.vscode/(tasks|settings|launch|extensions)\\.json|\\.pre-commit-config\\.yaml"
                  + "|\\.?lefthook\\.ya?ml|\\.gitattributes|\\.gitmodules|\\.envrc|\\.mcp\\.json)"),
          kind(
              "lock-file",
              "(.*/)?(package-lock\\.json|npm-shrinkwrap\\.json|yarn\\.lock|pnpm-lock\\.yaml|cargo\\.lock"
                  + "|poetry\\.lock|uv\\.lock|pdm\\.lock|gemfile\\.lock|go\\.sum|composer\\.lock"
                  + "|gradle\\.lockfile|flake\\.lock|bun\\.lockb?|pipfile\\.lock|deno\\.lock)"),
          kind(
              "secret",
              "(.*/)?(\\.env(\\.(?!example$|sample$|template$|dist$)[^/]*)?|id_(rsa|dsa|ecdsa|ed25519)[^/]*"
                  + "|[^/]*\\.(pem|key|p12|pfx|jks|keystore|kdbx|ppk)|\\.(netrc|pgpass|npmrc|pypirc|htpasswd)"
                  + "|\\.git-credentials|\\.(ssh|gnupg|aws|azure|kube)(/.*)?|\\.docker/config\\.json"
                  + "|\\.config/(gcloud|gh)(/.*)?|secrets?\\.(ya?ml|json|toml|properties|env)"
                  + "|credentials(\\.json)?|service-account[^/]*\\.json)"));

  private FileKinds() {}

  private static Kind kind(String name, String pattern) {
    return new Kind(name, Pattern.compile(pattern, Pattern.DOTALL));
  }

  /** Adds what the normalised {@code path} is to {@code kinds}. */
  static void addTo(Set<String> kinds, String path) {
    var lower = path.toLowerCase(Locale.ROOT);
    for (var kind : KINDS) {
      if (kind.pattern.matcher(lower).matches()) {
        kinds.add(kind.name);
      }
    }
  }
}
