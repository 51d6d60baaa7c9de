package dev.holdfast.store;

import dev.holdfast.run.EventLogException;
import dev.holdfast.run.RunEvent;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * The stored form of events: one JSON object each, its {@code type} the event's name. Properties
 * that this version does not know are passed over; a property that it needs and that is missing is
 * an error, and so is an event of an unknown type.
 */
public final class EventJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          // Numbers in a tool's input and output come back as they were written.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .addModule(new SimpleModule().addSerializer(new AmountsJson()))
          .build();
  private static final ObjectWriter WRITER = MAPPER.writerFor(RunEvent.class);
  private static final ObjectReader READER = MAPPER.readerFor(RunEvent.class);

  private EventJson() {}

  /**
   * Writes an event as UTF-8 JSON.
   *
   * @throws EventLogException when the event has no JSON form
   */
  public static byte[] encode(RunEvent event) {
    try {
      return WRITER.writeValueAsBytes(event);
    } catch (JacksonException e) {
      throw new EventLogException(
          "the event cannot be written as JSON: %s".formatted(e.getOriginalMessage()), e);
    }
  }

  /**
   * Reads what {@link #encode} or a newer version of it wrote.
   *
   * @throws EventLogException when the bytes are no event that this version knows
   */
  public static RunEvent decode(byte[] json) {
    try {
      RunEvent event = READER.readValue(json);
      if (event == null) {
        throw new EventLogException("the stored event is damaged: it is `null`");
      }
      return event;
    } catch (InvalidTypeIdException e) {
      throw new EventLogException(
          "event type `%s` is not known: the log was written by a newer version"
              .formatted(e.getTypeId()),
          e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new EventLogException("the stored event is damaged: %s".formatted(e.getMessage()), e);
    }
  }
}
