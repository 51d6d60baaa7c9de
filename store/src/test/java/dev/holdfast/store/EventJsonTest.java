package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.run.BlobId;
import dev.holdfast.run.EventLogException;
import dev.holdfast.run.RunEvent;
import dev.holdfast.tool.Decision;
import dev.holdfast.tool.Outcome;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventJsonTest {
  static Stream<Class<?>> everyEvent() {
    return Arrays.stream(RunEvent.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("everyEvent")
  void readsBackEveryKindOfEvent(Class<?> kind) throws Exception {
    for (int seed = 0; seed < 200; seed++) {
      var event = (RunEvent) new Generated(new Random(seed)).of(kind);
      byte[] json = EventJson.encode(event);
      assertThat(EventJson.decode(json)).isEqualTo(event);
      assertThat(EventJson.encode(EventJson.decode(json))).isEqualTo(json);
    }
  }

  @ParameterizedTest
  @MethodSource("everyEvent")
  void findsEveryPayloadThatAnEventNames(Class<?> kind) throws Exception {
    var event = (RunEvent) new Generated(new Random(7)).of(kind);
    var named = new java.util.ArrayList<BlobId>();
    for (RecordComponent component : kind.getRecordComponents()) {
      component.getAccessor().setAccessible(true);
      Object value = component.getAccessor().invoke(event);
      Type type = component.getGenericType();
      if (value instanceof BlobId id) {
        named.add(id);
      } else if (type.getTypeName().contains(BlobId.class.getName())) {
        ((java.util.List<?>) value).forEach(id -> named.add((BlobId) id));
      }
    }
    assertThat(Payloads.of(event)).containsExactlyElementsOf(named);
  }

  @Test
  void coversEveryDecisionAndOutcomeInTheGeneratedEvents() throws Exception {
    var seen = new java.util.HashSet<Class<?>>();
    for (int seed = 0; seed < 200; seed++) {
      var generated = new Generated(new Random(seed));
      seen.add(((RunEvent.Decided) generated.of(RunEvent.Decided.class)).decision().getClass());
      seen.add(((RunEvent.Ended) generated.of(RunEvent.Ended.class)).outcome().getClass());
    }
    assertThat(seen)
        .contains(Decision.class.getPermittedSubclasses())
        .contains(Outcome.class.getPermittedSubclasses());
  }

  @Test
  void passesOverPropertiesThatANewerVersionAdded() {
    assertThat(decode("{\"type\":\"taken_over\",\"by\":\"ada\",\"place\":{\"x\":[1]}}"))
        .isEqualTo(new RunEvent.TakenOver(new dev.holdfast.actor.UserId("ada")));
  }

  @Test
  void namesATypeThatItDoesNotKnow() {
    assertThatThrownBy(() -> decode("{\"type\":\"dreamt\",\"of\":\"sheep\"}"))
        .isInstanceOf(EventLogException.class)
        .hasMessageContaining("`dreamt`")
        .hasMessageContaining("newer version");
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"type\":\"taken_over\"}",
        "{\"type\":\"taken_over\",\"by\":null}",
        "{\"type\":\"taken_over\",\"by\":\"\"}",
        "{\"type\":\"taken_over\",\"by\":\"ada\"} x",
        "{\"type\":\"checkpointed\",\"checkpoint\":-1,\"label\":\"x\"}"
      })
  void refusesWhatIsNoWholeEvent(String json) {
    assertThatThrownBy(() -> decode(json)).isInstanceOf(EventLogException.class);
  }

  private static RunEvent decode(String json) {
    return EventJson.decode(json.getBytes(StandardCharsets.UTF_8));
  }
}
