package dev.holdfast.tool.registry;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.Tool;
import dev.holdfast.tool.ToolError;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Checks inputs and outputs against the schemas of tools. Schemas are compiled once. Thread-safe.
 *
 * <p>Models drift from schemas: they rename properties, quote numbers, pass JSON as text. An input
 * that can be mended in exactly one way is mended, with a note that tells the model how; every
 * other is refused with a message that says what is wrong, where, and what is allowed.
 */
public final class InputCheck {
  /** More definitions than any registry holds: beyond it somebody makes definitions per call. */
  private static final int MOST_COMPILED = 10_000;

  private static final int MOST_PROBLEMS = 5;

  private final SchemaRegistry dialect =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<SameNode, Schema> compiled = new ConcurrentHashMap<>();

  /** What a check found. */
  public sealed interface Result {}

  /** The input to call the tool with; {@code notes} say how it differs from what was given. */
  public record Valid(JsonNode input, List<String> notes) implements Result {
    public Valid {
      notes = List.copyOf(notes);
    }
  }

  /** The tool cannot be called like this. */
  public record Invalid(ToolError error) implements Result {}

  /** Checks the input of a call, mending what can be mended in one way only. */
  public Result check(Tool tool, JsonNode input) {
    var schema = tool.definition().inputSchema();
    var validator = compile(schema);
    if (validator.validate(input).isEmpty()) {
      return new Valid(input, List.of());
    }
    var mended = Mending.mend(schema, input);
    var errors = validator.validate(mended.input());
    if (errors.isEmpty()) {
      return new Valid(mended.input(), mended.notes());
    }
    var problems =
        errors.stream()
            .map(error -> SchemaProblem.describe(error, schema))
            .distinct()
            .limit(MOST_PROBLEMS)
            .collect(Collectors.joining("; "));
    return new Invalid(
        new ToolError(
            ErrorCode.INVALID_INPUT,
            "the input of `%s` is not valid: %s".formatted(tool.definition().name(), problems),
            "call it again with: " + SchemaProblem.allowed(schema)));
  }

  /** What is wrong with a tool's output; empty when it is valid. */
  public Optional<String> outputProblem(Tool tool, JsonNode output) {
    return problem(tool.definition().outputSchema(), output);
  }

  /** What is wrong with a value; empty when {@code schema} allows it. */
  public Optional<String> problem(JsonNode schema, JsonNode value) {
    var errors = compile(schema).validate(value);
    if (errors.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(SchemaProblem.describe(errors.getFirst(), schema));
  }

  /** What is wrong with a schema itself; empty when it is one of the dialect. */
  public Optional<String> schemaProblem(JsonNode schema) {
    var dialectsOwn =
        dialect.getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
    var errors = dialectsOwn.validate(schema);
    return errors.isEmpty()
        ? Optional.empty()
        : Optional.of(SchemaProblem.describe(errors.getFirst(), schema));
  }

  private Schema compile(JsonNode schema) {
    var key = new SameNode(schema);
    var known = compiled.get(key);
    if (known != null) {
      return known;
    }
    if (compiled.size() > MOST_COMPILED) {
      compiled.clear();
    }
    return compiled.computeIfAbsent(key, _ -> dialect.getSchema(schema));
  }

  /** Looks schemas up by identity: hashing one as deep as it is would cost more than the check. */
  private record SameNode(JsonNode node) {
    @Override
    @SuppressWarnings("ReferenceEquality") // identity is the point
    public boolean equals(Object other) {
      return other instanceof SameNode(JsonNode that) && that == node;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(node);
    }
  }
}
