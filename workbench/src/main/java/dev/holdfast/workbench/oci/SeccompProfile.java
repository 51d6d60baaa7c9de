package dev.holdfast.workbench.oci;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The system calls that a workbench may make, read from {@code seccomp.tsv}. */
record SeccompProfile(List<Entry> entries) {
  private static final Map<String, Integer> ERRNOS = Map.of("EPERM", 1, "ENOSYS", 38);
  private static final String ALLOW = "allow";
  private static final SeccompProfile SHIPPED = parse(resource());

  /** {@code (argument & mask) == value}. */
  record Condition(int argument, long mask, long value) {}

  /**
   * One line of the file.
   *
   * @param action {@code allow} or the errno that the call fails with
   */
  record Entry(String action, List<String> names, List<Condition> conditions, String reason) {
    boolean allows() {
      return action.equals(ALLOW);
    }
  }

  SeccompProfile {
    entries = List.copyOf(entries);
  }

  static SeccompProfile shipped() {
    return SHIPPED;
  }

  /** The list, and one call more. */
  SeccompProfile withAllowed(String name, Condition when, String reason) {
    var more = new ArrayList<>(entries);
    more.add(new Entry(ALLOW, List.of(name), List.of(when), reason));
    return new SeccompProfile(more);
  }

  /** Differs for different lists. */
  String digest() {
    return Digests.of(json().toString().getBytes(StandardCharsets.UTF_8));
  }

  static SeccompProfile parse(String text) {
    var entries = new ArrayList<Entry>();
    for (String line : text.lines().toList()) {
      if (!line.isBlank() && !line.startsWith("#")) {
        entries.add(entry(line));
      }
    }
    return new SeccompProfile(entries);
  }

  private static Entry entry(String line) {
    List<String> fields = Arrays.asList(line.split("\t", -1));
    if (fields.size() != 4 || fields.get(3).isBlank()) {
      throw new IllegalArgumentException(
          "seccomp entry `%s` is not allowed: it must have action, names, conditions and reason"
              .formatted(line));
    }
    String action = fields.get(0);
    if (!action.equals(ALLOW) && !ERRNOS.containsKey(action)) {
      throw new IllegalArgumentException("seccomp action `%s` is not known".formatted(action));
    }
    List<Condition> conditions =
        fields.get(2).equals("-")
            ? List.of()
            : Arrays.stream(fields.get(2).split("&", -1)).map(SeccompProfile::condition).toList();
    return new Entry(action, List.of(fields.get(1).split(" ", -1)), conditions, fields.get(3));
  }

  private static Condition condition(String text) {
    String[] sides = text.split("=", -1);
    String[] left = sides[0].split("/", -1);
    return new Condition(
        Integer.parseInt(left[0].substring(1)),
        left.length > 1 ? Long.decode(left[1]) : -1L,
        Long.decode(sides[1]));
  }

  /** In the form of the OCI runtime specification. */
  ObjectNode json() {
    ObjectNode profile = JsonMapper.shared().createObjectNode();
    profile.put("defaultAction", "SCMP_ACT_ERRNO").put("defaultErrnoRet", ERRNOS.get("ENOSYS"));
    // The host's own architecture alone: 32-bit calls have other numbers and no use here.
    profile.putArray("architectures").add(architecture());
    ArrayNode calls = profile.putArray("syscalls");
    entries.forEach(entry -> add(calls.addObject(), entry));
    return profile;
  }

  private static void add(ObjectNode rule, Entry entry) {
    ArrayNode names = rule.putArray("names");
    entry.names().forEach(names::add);
    rule.put("action", entry.allows() ? "SCMP_ACT_ALLOW" : "SCMP_ACT_ERRNO");
    if (!entry.allows()) {
      rule.put("errnoRet", ERRNOS.get(entry.action()));
    }
    if (entry.conditions().isEmpty()) {
      return;
    }
    ArrayNode args = rule.putArray("args");
    for (Condition c : entry.conditions()) {
      args.addObject()
          .put("index", c.argument())
          .put("value", c.mask())
          .put("valueTwo", c.value())
          .put("op", "SCMP_CMP_MASKED_EQ");
    }
  }

  private static String architecture() {
    return switch (System.getProperty("os.arch")) {
      case "amd64", "x86_64" -> "SCMP_ARCH_X86_64";
      case "aarch64" -> "SCMP_ARCH_AARCH64";
      case String other ->
          throw new IllegalStateException(
              "processor `%s` is not supported: workbenches run on x86_64 and aarch64"
                  .formatted(other));
    };
  }

  private static String resource() {
    try (InputStream in = SeccompProfile.class.getResourceAsStream("seccomp.tsv")) {
      if (in == null) {
        throw new IllegalStateException("the seccomp list is missing from this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
