package dev.holdfast.store;

import dev.holdfast.actor.AgentId;
import dev.holdfast.actor.UserId;
import dev.holdfast.budget.Amounts;
import dev.holdfast.budget.Meter;
import dev.holdfast.image.Digest;
import dev.holdfast.run.ApprovalId;
import dev.holdfast.run.BlobId;
import dev.holdfast.tool.CallId;
import dev.holdfast.workspace.CheckpointId;
import dev.holdfast.workspace.CommitId;
import dev.holdfast.workspace.WorkspaceId;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Random values of the types that events are made of, found by reflection. */
final class Generated {
  private static final List<String> TEXTS =
      List.of("", "plain", "\"\\\n\r\t\u0000\u001f", "grüße \uD83D\uDE00", "</script>", "\u2028");

  private final Random random;

  Generated(Random random) {
    this.random = random;
  }

  Object of(Type type) throws ReflectiveOperationException {
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      Object element = of(list.getActualTypeArguments()[0]);
      return random.nextBoolean() ? List.of(element) : List.of(element, element);
    }
    if (type instanceof ParameterizedType maybe && maybe.getRawType() == Optional.class) {
      return random.nextBoolean()
          ? Optional.empty()
          : Optional.of(of(maybe.getActualTypeArguments()[0]));
    }
    var raw = (Class<?>) type;
    if (raw.isEnum()) {
      return raw.getEnumConstants()[random.nextInt(raw.getEnumConstants().length)];
    }
    if (raw.isSealed() && raw != JsonNode.class) {
      var kinds = raw.getPermittedSubclasses();
      return of(kinds[random.nextInt(kinds.length)]);
    }
    return leaf(raw);
  }

  private Object leaf(Class<?> raw) throws ReflectiveOperationException {
    return switch (raw.getSimpleName()) {
      case "String" -> TEXTS.get(random.nextInt(TEXTS.size()));
      case "int" -> random.nextInt(1_000_000);
      case "long" -> random.nextLong();
      case "boolean" -> random.nextBoolean();
      case "Duration" -> Duration.ofNanos(random.nextLong(1L << 50));
      case "JsonNode" -> json(3);
      case "Amounts" -> amounts();
      case "RunId" -> new dev.holdfast.run.RunId("r-" + letters());
      case "UserId" -> new UserId("ada@example.org");
      case "AgentId" -> AgentId.BUILT_IN;
      case "ApprovalId" -> new ApprovalId("a-" + letters());
      case "CallId" -> new CallId("c-" + letters());
      case "WorkspaceId" -> new WorkspaceId("s-" + letters());
      case "BlobId" -> new BlobId(hex(64));
      case "CommitId" -> new CommitId(hex(random.nextBoolean() ? 40 : 64));
      case "Digest" -> Digest.parse("sha256:" + hex(64));
      case "CheckpointId" -> new CheckpointId(random.nextInt(1000));
      case "Account" -> dev.holdfast.actor.Account.local("shop", AgentId.BUILT_IN);
      default -> instance(raw);
    };
  }

  private Object instance(Class<?> raw) throws ReflectiveOperationException {
    if (!raw.isRecord()) {
      throw new IllegalArgumentException("type `%s` has no generator".formatted(raw));
    }
    var components = raw.getRecordComponents();
    var types = Arrays.stream(components).map(c -> (Class<?>) c.getType()).toArray(Class<?>[]::new);
    var values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = of(components[i].getGenericType());
    }
    var constructor = raw.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }

  private Amounts amounts() {
    return random.nextBoolean()
        ? Amounts.NONE
        : Amounts.of(Meter.INPUT_TOKENS, random.nextLong(Long.MAX_VALUE))
            .with(random.nextBoolean() ? Meter.RETRIES : Meter.MICRO_USD, 0);
  }

  private JsonNode json(int depth) {
    var nodes = JsonNodeFactory.instance;
    return switch (random.nextInt(depth > 0 ? 8 : 6)) {
      case 0 -> nodes.stringNode(TEXTS.get(random.nextInt(TEXTS.size())));
      case 1 -> nodes.booleanNode(random.nextBoolean());
      case 2 -> nodes.nullNode();
      case 3 -> nodes.numberNode(random.nextInt());
      case 4 -> nodes.numberNode(random.nextLong() | 1L << 62);
      case 5 -> nodes.numberNode(new BigDecimal("0.1234567890123456789"));
      case 6 -> nodes.arrayNode().add(json(depth - 1)).add(json(depth - 1));
      default -> nodes.objectNode().set("a \"key\"", json(depth - 1));
    };
  }

  private String letters() {
    return IntStream.range(0, 10)
        .mapToObj(_ -> String.valueOf((char) ('a' + random.nextInt(26))))
        .reduce("", String::concat);
  }

  private String hex(int length) {
    return IntStream.range(0, length)
        .mapToObj(_ -> Integer.toHexString(random.nextInt(16)))
        .reduce("", String::concat);
  }
}
