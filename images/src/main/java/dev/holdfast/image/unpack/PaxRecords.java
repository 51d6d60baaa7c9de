package dev.holdfast.image.unpack;

import dev.holdfast.image.ImageException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The records of a PAX header: {@code LENGTH KEY=VALUE\n}, the length counting all of it. */
final class PaxRecords {
  private PaxRecords() {}

  static Map<String, String> parse(String content) {
    var records = new LinkedHashMap<String, String>();
    int at = 0;
    while (at < content.length() && content.charAt(at) != 0) {
      int blank = content.indexOf(' ', at);
      String digits = blank < 0 ? "" : content.substring(at, blank);
      int length = digits.matches("[1-9][0-9]{0,6}") ? Integer.parseInt(digits) : 0;
      int end = at + length;
      int equals = content.indexOf('=', at);
      if (equals <= blank
          || end > content.length()
          || equals >= end
          || content.charAt(end - 1) != '\n') {
        throw new ImageException("the tar file is damaged: a PAX record is malformed");
      }
      records.put(content.substring(blank + 1, equals), content.substring(equals + 1, end - 1));
      at = end;
    }
    return records;
  }
}
