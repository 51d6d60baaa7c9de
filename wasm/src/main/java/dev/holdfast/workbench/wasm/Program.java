package dev.holdfast.workbench.wasm;

import com.dylibso.chicory.runtime.Memory;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A program as its system calls see it.
 *
 * @param arguments its name first
 */
record Program(
    List<String> arguments, Map<String, String> env, Descriptors descriptors, Senses senses) {
  private static final int MOST_PATH = 4096;

  /** A path that the program has in its memory. */
  static String path(Memory memory, int at, int length) {
    if (length < 0 || length > MOST_PATH) {
      throw new WasiError(Errno.NAMETOOLONG);
    }
    try {
      var text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(memory.readBytes(at, length)))
              .toString();
      if (text.indexOf('\0') >= 0) {
        throw new WasiError(Errno.ILSEQ);
      }
      return text;
    } catch (CharacterCodingException e) {
      throw new WasiError(Errno.ILSEQ);
    }
  }
}
