package dev.holdfast.policy.cedar;

import com.cedarpolicy.model.Effect;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.InternalException;
import com.cedarpolicy.model.policy.Policy;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.model.schema.Schema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parses, checks and validates policies. Whatever is wrong with any of them refuses them all. */
final class PolicyLoader {
  private final Map<String, PolicyText> texts = new LinkedHashMap<>();
  private final Map<String, LoadedPolicy> policies = new LinkedHashMap<>();
  private final List<String> json = new ArrayList<>();
  private final Set<Policy> parsed = new LinkedHashSet<>();

  /** What was loaded. */
  record Loaded(Map<String, LoadedPolicy> policies, Engine engine, List<CompiledSource> json) {}

  /** A policy's official JSON form. */
  record CompiledSource(String id, String json) {}

  private PolicyLoader() {}

  static Loaded load(List<Path> user, List<Path> repository) {
    return new PolicyLoader().load(PolicyFiles.schema(), PolicyFiles.gather(user, repository));
  }

  private Loaded load(String schemaText, List<PolicyText> sources) {
    try {
      var schema = Schema.parse(Schema.JsonOrCedar.Cedar, schemaText);
      sources.forEach(this::parse);
      var engine = new Engine(schema, parsed);
      validate(engine);
      var compiled = new ArrayList<CompiledSource>();
      var ids = List.copyOf(policies.keySet());
      for (var i = 0; i < ids.size(); i++) {
        compiled.add(new CompiledSource(ids.get(i), json.get(i)));
      }
      return new Loaded(policies, engine, compiled);
    } catch (InternalException e) {
      throw new PolicyException("the built-in schema cannot be parsed: " + e.getMessage(), e);
    }
  }

  private void parse(PolicyText text) {
    try {
      var set = PolicySet.parsePolicies(text.source());
      if (set.policies.size() != 1) {
        throw new PolicyException(
            "%s: not exactly one policy: templates are not allowed, and each policy ends with `;`"
                .formatted(text.at(0)));
      }
      add(text, set.policies.iterator().next());
    } catch (AuthException e) {
      throw new PolicyException("%s: %s".formatted(text.at(0), e.getMessage()), e);
    }
  }

  private void add(PolicyText text, Policy policy) throws AuthException {
    var annotations = policy.getAnnotations();
    var id = required(annotations, "id", text);
    var reason = required(annotations, "reason", text);
    if (!id.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,127}")) {
      throw new PolicyException(
          "%s: id `%s` is not allowed: letters, digits, `.`, `_` and `-`"
              .formatted(text.at(0), id));
    }
    var permits = policy.effect() == Effect.PERMIT;
    if (permits && text.from() == PolicySource.REPOSITORY) {
      throw new PolicyException(
          "%s: policy `%s` permits: a repository's own policies may only forbid"
              .formatted(text.at(0), id));
    }
    var other = texts.putIfAbsent(id, text);
    if (other != null) {
      throw new PolicyException(
          "%s: id `%s` is already used at %s: ids are unique"
              .formatted(text.at(0), id, other.at(0)));
    }
    policies.put(id, new LoadedPolicy(id, reason, permits, text.from(), text.at(0), text.source()));
    parsed.add(new Policy(text.source(), id));
    json.add(policy.toJson());
  }

  private static String required(Map<String, String> annotations, String name, PolicyText text) {
    var value = annotations.get(name);
    if (value == null || value.isBlank()) {
      throw new PolicyException(
          "%s: the policy has no `@%s(\"…\")`: every policy needs `@id` and `@reason`"
              .formatted(text.at(0), name));
    }
    return value;
  }

  private void validate(Engine engine) {
    var complaints = engine.validate();
    if (complaints.isEmpty()) {
      return;
    }
    var first = complaints.getFirst();
    var text = texts.get(first.policy());
    var where = text == null ? "policies" : text.at(first.offset());
    throw new PolicyException(
        "%s: %s (what policies may refer to is in the schema)".formatted(where, first.message()));
  }
}
