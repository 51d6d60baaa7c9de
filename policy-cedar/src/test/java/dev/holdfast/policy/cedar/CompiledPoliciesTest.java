package dev.holdfast.policy.cedar;

import static org.assertj.core.api.Assertions.assertThat;

import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.policy.Policy;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.model.schema.Schema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CompiledPoliciesTest {
  private record Pair(Engine engine, Evaluator compiled) {}

  private static Pair pair(List<String> sources) throws AuthException {
    var schema = Schema.parse(Schema.JsonOrCedar.Cedar, PolicyFiles.schema());
    Set<Policy> policies = new LinkedHashSet<>();
    var json = new ArrayList<PolicyLoader.CompiledSource>();
    for (var i = 0; i < sources.size(); i++) {
      var policy = PolicySet.parsePolicies(sources.get(i)).policies.iterator().next();
      policies.add(new Policy(sources.get(i), "p" + i));
      json.add(new PolicyLoader.CompiledSource("p" + i, policy.toJson()));
    }
    return new Pair(new Engine(schema, policies), CompiledPolicies.of(json).orElseThrow());
  }

  @Test
  void randomPoliciesGetTheEnginesAnswers() throws AuthException {
    var kinds = new int[4];
    for (var seed = 0; seed < 150; seed++) {
      var random = new RandomPolicies(seed);
      var sources = new ArrayList<String>();
      for (var i = 0; i < 8; i++) {
        sources.add(random.policy("p" + i));
      }
      var pair = pair(sources);
      for (var i = 0; i < 30; i++) {
        var question = random.question();
        var expected = pair.engine.evaluate(question);
        assertThat(pair.compiled.evaluate(question))
            .as("seed %d: %s on %s", seed, sources, question)
            .isEqualTo(expected);
        kinds[expected.permitted() ? 0 : expected.policies().isEmpty() ? 1 : 2]++;
        kinds[3] += expected.errors().isEmpty() ? 0 : 1;
      }
    }
    // The comparison is only worth something when every kind of answer occurred often.
    assertThat(java.util.Arrays.stream(kinds).min().orElseThrow()).isGreaterThan(200);
  }

  @Test
  void theDefaultPoliciesAreCompiledAndAnswerAsTheEngineDoes() {
    var loaded = PolicyLoader.load(List.of(), List.of());
    var compiled = CompiledPolicies.of(loaded.json()).orElseThrow();
    for (var seed = 0; seed < 20; seed++) {
      var random = new RandomPolicies(seed);
      for (var i = 0; i < 20; i++) {
        var question = random.question();
        assertThat(compiled.evaluate(question)).isEqualTo(loaded.engine().evaluate(question));
      }
    }
    for (var script : List.of("ls", "git push", "rm -rf /", "$x", "echo > .git/config", "curl x")) {
      for (var approved : List.of(true, false)) {
        var question = Questions.of(Requests.shell(script), approved);
        var answer = loaded.engine().evaluate(question);
        assertThat(answer.errors()).isEmpty();
        assertThat(compiled.evaluate(question)).isEqualTo(answer);
      }
    }
  }

  @Test
  void aPolicyThatOnlyTheEngineCanEvaluateIsNotCompiled() throws AuthException {
    var source =
        "permit (principal, action, resource) when { decimal(\"1.0\") == decimal(\"1.0\") };";
    var json = PolicySet.parsePolicies(source).policies.iterator().next().toJson();
    assertThat(CompiledPolicies.of(List.of(new PolicyLoader.CompiledSource("p", json)))).isEmpty();
  }
}
