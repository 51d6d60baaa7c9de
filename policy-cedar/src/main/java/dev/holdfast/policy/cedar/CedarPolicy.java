package dev.holdfast.policy.cedar;

import dev.holdfast.digest.Sha256;
import dev.holdfast.policy.ActRequest;
import dev.holdfast.policy.PolicyDecider;
import dev.holdfast.policy.PolicyRequest;
import dev.holdfast.policy.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Policies in Cedar, decided by compiled evaluators or, where those cannot, by the engine. */
public final class CedarPolicy implements PolicyDecider {
  private static final int VERSION_DIGITS = 32;

  private final Map<String, LoadedPolicy> policies;
  private final Evaluator evaluator;
  private final String version;

  private CedarPolicy(PolicyLoader.Loaded loaded, Evaluator evaluator) {
    this.policies = loaded.policies();
    this.evaluator = evaluator;
    this.version = hash(policies.values());
  }

  /** The built-in policies alone. */
  public static CedarPolicy defaults() {
    return load(List.of());
  }

  /**
   * The built-in policies and every {@code *.cedar} file in the directories; a missing directory is
   * empty. A file named as a built-in one takes its place, except {@code 00-always.cedar}.
   *
   * @throws PolicyException when any policy is not valid
   */
  public static CedarPolicy load(List<Path> directories) {
    return load(directories, List.of());
  }

  /**
   * As {@link #load(List)}, and the policies that come with a repository, which may only forbid.
   *
   * @throws PolicyException when any policy is not valid
   */
  public static CedarPolicy load(List<Path> directories, List<Path> repositoryDirectories) {
    var loaded = PolicyLoader.load(directories, repositoryDirectories);
    return new CedarPolicy(loaded, CompiledPolicies.of(loaded.json()).orElse(loaded.engine()));
  }

  /** What policies may refer to, in Cedar's schema language. */
  public static String schema() {
    return PolicyFiles.schema();
  }

  /** The loaded policies, in the order of their files. */
  public Collection<LoadedPolicy> policies() {
    return List.copyOf(policies.values());
  }

  /** The policy of that id; null when there is none. */
  public @Nullable LoadedPolicy policy(String id) {
    return policies.get(id);
  }

  /** Whether requests are decided without calling the engine. */
  public boolean compiled() {
    return evaluator instanceof CompiledPolicies;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Verdict decide(PolicyRequest request, boolean approved) {
    try {
      return verdict(evaluator.evaluate(Questions.of(request, approved)));
    } catch (RuntimeException e) {
      return new Verdict(
          false, List.of(), List.of("the policy could not be evaluated: " + e.getMessage()));
    }
  }

  @Override
  public Verdict decide(ActRequest request) {
    try {
      return verdict(evaluator.evaluate(Questions.of(request)));
    } catch (RuntimeException e) {
      return new Verdict(
          false, List.of(), List.of("the policy could not be evaluated: " + e.getMessage()));
    }
  }

  private Verdict verdict(Answer answer) {
    if (!answer.errors().isEmpty()) {
      return new Verdict(
          false,
          answer.errors().stream().sorted().toList(),
          List.of("a policy could not be evaluated, so nothing is permitted"));
    }
    var ids = answer.policies().stream().sorted().toList();
    if (ids.isEmpty()) {
      return new Verdict(false, ids, List.of("no policy permits it"));
    }
    return new Verdict(answer.permitted(), ids, ids.stream().map(this::reason).toList());
  }

  private String reason(String id) {
    var policy = policies.get(id);
    return policy == null ? id : policy.reason();
  }

  private static String hash(Collection<LoadedPolicy> policies) {
    var parts = new ArrayList<String>();
    parts.add(PolicyFiles.schema());
    policies.forEach(policy -> parts.add(policy.source()));
    return Sha256.hexOfParts(parts).substring(0, VERSION_DIGITS);
  }
}
