package dev.holdfast.workspace.overlay;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** File names as bytes: a raw string holds one byte per character, so none is lost or changed. */
final class Raw {
  private Raw() {}

  static byte[] bytes(String raw) {
    return raw.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String of(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  static String of(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** The name as text, bytes that are not UTF-8 replaced. */
  static String text(String raw) {
    return new String(bytes(raw), StandardCharsets.UTF_8);
  }

  /** The name as text; one that is not UTF-8 comes out quoted as git quotes it. */
  static String display(String raw) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(raw))).toString();
    } catch (CharacterCodingException notUtf8) {
      return quote(raw);
    }
  }

  /** Git's quoting: {@code "caf\351"}. */
  static String quote(String raw) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        quoted.append("\\%03o".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  static String join(String parent, String child) {
    return parent.isEmpty() ? child : parent + "/" + child;
  }
}
