package dev.holdfast.tool.declared;

import dev.holdfast.tool.Effect;
import dev.holdfast.tool.ErrorCode;
import dev.holdfast.tool.ToolDefinition;
import dev.holdfast.tool.ToolDefinition.ToolExample;
import dev.holdfast.tool.ToolFault;
import dev.holdfast.tool.ToolLimits;
import dev.holdfast.tool.registry.DefinitionReader;
import dev.holdfast.tool.registry.InputCheck;
import dev.holdfast.workbench.PureFunctions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads a declaration; whatever is wrong with it is named with its line. */
final class DeclarationReader {
  static final List<String> NAMES =
      List.of(
          "name",
          "version",
          "description",
          "parameters",
          "input_schema",
          "paths",
          "dashes",
          "command",
          "wasm",
          "env",
          "directory",
          "timeout",
          "exit_codes",
          "on_failure",
          "output",
          "output_schema",
          "errors",
          "effects",
          "idempotent",
          "reversible",
          "boundary",
          "limits",
          "examples");

  /** What can go wrong with any command. */
  private static final List<ErrorCode> ERRORS =
      List.of(
          ErrorCode.COMMAND_FAILED,
          ErrorCode.TIMED_OUT,
          ErrorCode.OUTPUT_EXCEEDED,
          ErrorCode.OUT_OF_MEMORY,
          ErrorCode.UNAVAILABLE);

  private final String file;
  private final Origin origin;
  private final InputCheck check;
  private final Section tool;
  private final SchemaReader schemas;
  private final Optional<FunctionReader> function;

  private DeclarationReader(
      String file, Origin origin, InputCheck check, Section tool, PureFunctions functions) {
    this.file = file;
    this.origin = origin;
    this.check = check;
    this.tool = tool;
    this.schemas = new SchemaReader(file, origin, check);
    this.function = tool.optional("wasm").map(_ -> FunctionReader.of(tool, functions));
  }

  /**
   * Reads {@code text}.
   *
   * @throws DeclarationException when it declares no usable tool
   */
  static DeclaredTool read(
      String file, String text, Origin origin, InputCheck check, PureFunctions functions) {
    var section = Section.of(file, YamlReader.read(file, text), NAMES);
    return new DeclarationReader(file, origin, check, section, functions).read();
  }

  private DeclaredTool read() {
    var input = input();
    var template = template(new TemplateReader(tool, input.parameters()));
    var output = output();
    var declared =
        new DeclaredTool(
            file,
            definition(input, output, template),
            input.parameters(),
            template,
            output,
            check,
            function.map(FunctionReader::function));
    var examples = declared.definition().examples();
    for (int i = 0; i < examples.size(); i++) {
      require(declared, examples.get(i), tool.items("examples").get(i));
    }
    return declared;
  }

  private Template template(TemplateReader reader) {
    return function
        .map(it -> reader.readFunction(it.function().module().name(), it.arguments()))
        .orElseGet(reader::read);
  }

  private String boundary(Template template) {
    return function.isPresent()
        ? "The function `%s`: it sees its input and the files named there, and nothing else."
            .formatted(template.program())
        : "`%s` in the workbench, without network.".formatted(template.program());
  }

  private ToolDefinition definition(ParameterReader.Read input, Output output, Template template) {
    try {
      return new ToolDefinition(
          tool.text("name"),
          version(),
          tool.text("description"),
          input.schema(),
          output.schema(),
          errors(),
          effects(),
          tool.flag("idempotent"),
          tool.flag("reversible"),
          tool.text("boundary", boundary(template)),
          limits(),
          examples(output));
    } catch (IllegalArgumentException e) {
      throw tool.wrong(tool.required("name"), String.valueOf(e.getMessage()));
    }
  }

  private ParameterReader.Read input() {
    if (tool.has("parameters") == tool.has("input_schema")) {
      throw tool.wrong("give either `parameters` (`{}` when there are none) or `input_schema`");
    }
    if (tool.has("parameters")) {
      for (var name : List.of("paths", "dashes")) {
        tool.optional(name)
            .ifPresent(
                at -> {
                  throw tool.wrong(
                      at,
                      "`%s` goes with `input_schema`: a parameter says it itself".formatted(name));
                });
      }
      return ParameterReader.read(file, tool.named("parameters"));
    }
    var schema = schemas.readInput(tool.required("input_schema"));
    var parameters =
        tool.read(
            tool.required("input_schema"),
            _ -> schemas.parameters(schema, tool.texts("paths"), tool.texts("dashes")));
    requireKnown("paths", parameters.keySet());
    requireKnown("dashes", parameters.keySet());
    return new ParameterReader.Read(schema, parameters);
  }

  private void requireKnown(String list, Set<String> parameters) {
    for (var item : tool.items(list)) {
      var name = tool.text(list, item);
      if (!parameters.contains(name)) {
        throw tool.wrong(item, "`%s` is no parameter: there are %s".formatted(name, parameters));
      }
    }
  }

  private Output output() {
    var value = tool.required("output");
    var form = tool.read(value, node -> DefinitionReader.named(Output.Form.class, node));
    if ((form == Output.Form.JSON) != tool.has("output_schema")) {
      throw tool.wrong(
          value,
          "`output_schema` goes with `output: json` and with nothing else: text and lines have their own");
    }
    var schema =
        form == Output.Form.JSON
            ? schemas.read(tool.required("output_schema"))
            : Output.schemaOf(form);
    var onFailure = tool.text("on_failure", Output.USUAL_GUIDANCE);
    return new Output(form, schema, exitCodes(), onFailure);
  }

  private Set<Integer> exitCodes() {
    var codes = new LinkedHashSet<Integer>();
    tool.items("exit_codes").forEach(item -> codes.add(tool.number("exit_codes", item, 0, 255)));
    return codes.isEmpty() ? Set.of(0) : codes;
  }

  private String version() {
    var version = tool.text("version", "1.0.0");
    if (!version.matches("\\d{1,6}\\.\\d{1,6}\\.\\d{1,6}")) {
      throw tool.wrong(
          tool.required("version"),
          "version `%s` is not allowed: it is three numbers, like `1.0.0`".formatted(version));
    }
    return version;
  }

  private List<ErrorCode> errors() {
    var errors = new ArrayList<>(ERRORS);
    for (var item : tool.items("errors")) {
      var code = tool.read(item, node -> DefinitionReader.named(ErrorCode.class, node));
      if (!errors.contains(code)) {
        errors.add(code);
      }
    }
    return errors;
  }

  private Set<Effect> effects() {
    var effects = new LinkedHashSet<Effect>();
    for (var item : tool.items("effects")) {
      var effect = tool.read(item, node -> DefinitionReader.named(Effect.class, node));
      if (effect == Effect.ASK) {
        throw tool.wrong(
            item, "a command cannot have this effect: read, write, execute or network");
      }
      effects.add(effect);
    }
    if (effects.isEmpty()) {
      throw tool.wrong("`effects` is missing: a list of read, write, execute and network");
    }
    if (function.isPresent()) {
      if (!effects.equals(Set.of(Effect.READ))) {
        throw tool.wrong(
            tool.required("effects"),
            "a function can do nothing but look: `effects` must be `[read]`");
      }
      return effects;
    }
    if (origin == Origin.REPOSITORY && !effects.contains(Effect.EXECUTE)) {
      throw tool.wrong(
          tool.required("effects"),
          "a repository's tools run programs: `effects` must contain `execute`");
    }
    return effects;
  }

  private ToolLimits limits() {
    var standard = ToolLimits.DEFAULT;
    return tool.section("limits", List.of("seconds", "output_bytes"))
        .map(
            limits ->
                new ToolLimits(
                    Duration.ofSeconds(
                        limits.number(
                            "seconds",
                            1,
                            TemplateReader.MOST_SECONDS,
                            (int) standard.time().toSeconds())),
                    limits.number("output_bytes", 256, 1 << 20, standard.outputBytes())))
        .orElse(standard);
  }

  private List<ToolExample> examples(Output output) {
    return tool.items("examples").stream()
        .map(item -> Section.of(file, item, List.of("input", "output")))
        .map(
            it ->
                new ToolExample(
                    it.required("input").json(), output.example(it.required("output").json())))
        .toList();
  }

  private void require(DeclaredTool declared, ToolExample example, Yaml at) {
    problem(declared.definition().inputSchema(), example.input(), "input", at);
    problem(declared.definition().outputSchema(), example.output(), "output", at);
    try {
      declared.command(example.input());
    } catch (ToolFault unusable) {
      throw tool.wrong(at, "the example cannot be called: " + unusable.getMessage());
    }
  }

  private void problem(JsonNode schema, JsonNode value, String what, Yaml at) {
    check
        .problem(schema, value)
        .ifPresent(
            problem -> {
              throw tool.wrong(
                  at, "the example's %s does not fit the schema: %s".formatted(what, problem));
            });
  }
}
