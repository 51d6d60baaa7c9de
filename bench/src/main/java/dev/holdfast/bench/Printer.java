package dev.holdfast.bench;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Shows results: for people, or one JSON object a line. */
final class Printer {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final PrintStream out;
  private final boolean json;

  Printer(PrintStream out, boolean json) {
    this.out = out;
    this.json = json;
  }

  void print(Result result) {
    if (json) {
      out.println(JSON.writeValueAsString(fields(result)));
    } else {
      text(result);
    }
    out.flush();
  }

  private static Map<String, Object> fields(Result result) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("row", result.row());
    fields.put("unit", result.unit());
    fields.put("ours", result.ours());
    fields.put("peers", result.peers());
    fields.put("ratio", result.ratio());
    fields.put("promise", result.promise());
    fields.put("met", result.met());
    fields.put("missing", result.missing());
    fields.put("notes", result.notes());
    return fields;
  }

  private void text(Result result) {
    var ours = result.ours();
    out.println("%s (%s)".formatted(result.row(), result.unit()));
    out.println(
        "  %-24s p50 %10.3f   p99 %10.3f   n %d"
            .formatted("holdfast", ours.p50(), ours.p99(), ours.n()));
    for (var peer : result.peers().entrySet()) {
      double p50 = peer.getValue();
      out.println(
          "  %-24s p50 %10.3f   holdfast: %.3f ×".formatted(peer.getKey(), p50, ours.p50() / p50));
    }
    result.missing().forEach((n, why) -> out.println("  %-24s not measured: %s".formatted(n, why)));
    result.notes().forEach(note -> out.println("  " + note));
    var met = result.met() ? "met" : "NOT met";
    out.println("  promise: %s: %s (ratio %.3f)".formatted(result.promise(), met, result.ratio()));
  }

  static String number(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }
}
