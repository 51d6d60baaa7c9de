package dev.holdfast.harness.model;

import java.util.function.Consumer;

/** A model behind a provider's library. */
abstract class ProviderModel implements Model {
  final ModelName name;
  final Failures failures;
  private final ModelFacts facts;

  ProviderModel(ModelName name, ModelFacts facts, Connection connection) {
    this.name = name;
    this.facts = facts;
    this.failures = new Failures(connection.key());
  }

  @Override
  public final ModelName name() {
    return name;
  }

  @Override
  public final ModelFacts facts() {
    return facts;
  }

  @Override
  public final ModelAnswer ask(ModelRequest request, Consumer<String> onText)
      throws InterruptedException {
    return Patience.within(
        Patience.ANSWER, () -> stream(request, new Draft(request, name, onText)), this::failure);
  }

  /** Asks, and reads the answer piece by piece into the draft. */
  abstract ModelAnswer stream(ModelRequest request, Draft draft);

  /** What an exception of the library means. */
  abstract ModelFailure failure(RuntimeException thrown);
}
