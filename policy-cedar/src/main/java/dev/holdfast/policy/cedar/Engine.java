package dev.holdfast.policy.cedar;

import com.cedarpolicy.BasicAuthorizationEngine;
import com.cedarpolicy.model.AuthorizationRequest;
import com.cedarpolicy.model.ValidationRequest;
import com.cedarpolicy.model.entity.Entity;
import com.cedarpolicy.model.exception.AuthException;
import com.cedarpolicy.model.exception.CacheException;
import com.cedarpolicy.model.policy.Policy;
import com.cedarpolicy.model.policy.PolicySet;
import com.cedarpolicy.model.schema.Schema;
import com.cedarpolicy.value.CedarList;
import com.cedarpolicy.value.CedarMap;
import com.cedarpolicy.value.EntityTypeName;
import com.cedarpolicy.value.EntityUID;
import com.cedarpolicy.value.PrimBool;
import com.cedarpolicy.value.PrimLong;
import com.cedarpolicy.value.PrimString;
import com.cedarpolicy.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The official Cedar engine with one schema and one policy set, both parsed once and kept. */
final class Engine implements Evaluator {
  private static final Map<String, EntityTypeName> TYPES = new ConcurrentHashMap<>();

  private final BasicAuthorizationEngine cedar = new BasicAuthorizationEngine();
  private final Schema schema;
  private final PolicySet policies;

  Engine(Schema schema, Set<Policy> policies) {
    this.schema = schema;
    this.policies = new PolicySet(policies);
    try {
      schema.cache();
      this.policies.cache();
    } catch (CacheException e) {
      throw new PolicyException("the policies cannot be loaded: " + e.getMessage(), e);
    }
  }

  /** A complaint of the validator about a policy, at a character of its text. */
  record Complaint(String policy, String message, int offset) {}

  /** Everything the validator finds, errors and warnings alike. */
  List<Complaint> validate() {
    try {
      var response = cedar.validate(new ValidationRequest(schema, policies));
      var complaints = new ArrayList<Complaint>();
      response.errors.ifPresent(
          errors -> errors.forEach(e -> complaints.add(new Complaint("", e.message, 0))));
      response.success.ifPresent(
          found -> {
            for (var list : List.of(found.validationErrors, found.validationWarnings)) {
              for (var one : list) {
                var labels = one.getError().sourceLocations;
                var offset = labels.isEmpty() ? 0 : labels.getFirst().start;
                var help =
                    one.getError().help.filter(h -> !h.isEmpty()).map(h -> ": " + h).orElse("");
                complaints.add(
                    new Complaint(one.getPolicyId(), one.getError().message + help, offset));
              }
            }
          });
      return complaints;
    } catch (AuthException e) {
      throw new PolicyException("the policies cannot be validated: " + e.getMessage(), e);
    }
  }

  @Override
  public Answer evaluate(Question question) {
    try {
      var request =
          new AuthorizationRequest(
              uid(question.principal()),
              uid(question.action()),
              uid(question.resource()),
              Optional.of(attributes(question.context())),
              Optional.of(schema),
              true);
      var response = cedar.isAuthorized(request, policies, entities(question.entities()));
      var success = response.success;
      if (success.isEmpty()) {
        return new Answer(false, Set.of(), Set.of("request"));
      }
      var errors = new LinkedHashSet<String>();
      success.get().getErrors().forEach(e -> errors.add(e.getPolicyId()));
      return new Answer(success.get().isAllowed(), Set.copyOf(success.get().getReason()), errors);
    } catch (AuthException e) {
      return new Answer(false, Set.of(), Set.of("engine: " + e.getMessage()));
    }
  }

  private static Set<Entity> entities(Map<Uid, Question.Node> nodes) {
    var entities = new HashSet<Entity>();
    nodes.forEach(
        (uid, node) -> {
          // Actions and what they are in come with the schema.
          if (!uid.type().equals("Action")) {
            var parents = new HashSet<EntityUID>();
            node.ancestors().forEach(parent -> parents.add(uid(parent)));
            entities.add(new Entity(uid(uid), attributes(node.attributes()), parents));
          }
        });
    return entities;
  }

  private static Map<String, Value> attributes(Map<String, Object> attributes) {
    var values = new HashMap<String, Value>();
    attributes.forEach((name, value) -> values.put(name, value(value)));
    return values;
  }

  private static Value value(Object value) {
    return switch (value) {
      case Boolean bool -> new PrimBool(bool);
      case Long number -> new PrimLong(number);
      case String text -> new PrimString(text);
      case Uid uid -> uid(uid);
      case Set<?> set -> new CedarList(set.stream().map(Engine::value).toList());
      case Map<?, ?> map -> {
        var values = new HashMap<String, Value>();
        map.forEach((key, inner) -> values.put((String) key, value(inner)));
        yield new CedarMap(values);
      }
      default -> throw new IllegalStateException("`%s` is not a Cedar value".formatted(value));
    };
  }

  private static EntityUID uid(Uid uid) {
    var type = TYPES.computeIfAbsent(uid.type(), name -> EntityTypeName.parse(name).orElseThrow());
    return new EntityUID(type, uid.id());
  }
}
