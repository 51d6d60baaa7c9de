package dev.holdfast.policy.cedar;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers policy texts: the built-in ones, those of the user, and those of a repository. */
final class PolicyFiles {
  private static final String ALWAYS = "00-always.cedar";
  private static final List<String> BUILT_IN =
      List.of(ALWAYS, "10-permit.cedar", "20-approval.cedar", "30-people.cedar");
  private static final long MAX_BYTES = 1 << 20;

  private PolicyFiles() {}

  static String schema() {
    return resource("holdfast.cedarschema");
  }

  /** All policies; a user's file takes the place of the built-in file of the same name. */
  static List<PolicyText> gather(List<Path> user, List<Path> repository) {
    Map<String, PolicyText> files = new LinkedHashMap<>();
    for (var name : BUILT_IN) {
      files.put(name, new PolicyText(PolicySource.BUILT_IN, "built-in/" + name, 1, resource(name)));
    }
    for (var path : cedarFiles(user)) {
      var name = String.valueOf(path.getFileName());
      if (name.equals(ALWAYS)) {
        throw new PolicyException(
            "%s: this file cannot be replaced: use another name".formatted(path));
      }
      files.put(BUILT_IN.contains(name) ? name : path.toString(), whole(PolicySource.USER, path));
    }
    for (var path : cedarFiles(repository)) {
      files.put(path.toString(), whole(PolicySource.REPOSITORY, path));
    }
    var policies = new ArrayList<PolicyText>();
    files.values().forEach(file -> policies.addAll(PolicyText.split(file)));
    return policies;
  }

  private static List<Path> cedarFiles(List<Path> directories) {
    var files = new ArrayList<Path>();
    for (var directory : directories) {
      if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      try (var entries = Files.list(directory)) {
        entries.filter(p -> p.toString().endsWith(".cedar")).sorted().forEach(files::add);
      } catch (IOException | UncheckedIOException e) {
        throw new PolicyException(
            "%s: policies cannot be listed: it must be a readable directory".formatted(directory),
            e);
      }
    }
    return files;
  }

  private static PolicyText whole(PolicySource from, Path path) {
    try {
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) || Files.size(path) > MAX_BYTES) {
        throw new PolicyException(
            "%s: not a policy file: it must be a regular file of at most 1 MiB".formatted(path));
      }
      return new PolicyText(from, path.toString(), 1, Files.readString(path));
    } catch (IOException e) {
      throw new PolicyException("%s: cannot be read as UTF-8 text".formatted(path), e);
    }
  }

  private static String resource(String name) {
    try (var in = PolicyFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the built-in policy `%s` is missing".formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
