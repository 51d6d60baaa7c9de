package dev.holdfast.workbench.docker;

import com.github.dockerjava.api.model.HostConfig;
import java.util.Map;
import java.util.TreeMap;

/** A container's configuration with the settings that the client library has no names for. */
final class FullHostConfig extends HostConfig {
  private static final long serialVersionUID = 1L;

  private final transient Map<String, Object> more = new TreeMap<>();

  FullHostConfig with(String name, Object value) {
    more.put(name, value);
    return this;
  }

  /** The library writes these as they are. */
  @Override
  public Map<String, Object> getRawValues() {
    return more;
  }
}
