package dev.holdfast.workbench.guest;

import java.util.Map;
import java.util.function.Consumer;

/**
 * What a layer says about a workbench when it hands its stream over.
 *
 * @param env the environment of every program, before its own is added
 * @param oom tells whether the memory cap killed
 * @param onEnd told once when the channel is no more; must not wait
 */
public record GuestSettings(Map<String, String> env, OomProbe oom, Consumer<ChannelEnd> onEnd) {
  public GuestSettings {
    env = Map.copyOf(env);
  }

  /** An environment, and nothing to be told or asked. */
  public static GuestSettings of(Map<String, String> env) {
    return new GuestSettings(env, OomProbe.NEVER, _ -> {});
  }
}
