package dev.holdfast.workbench.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.files.HostFiles;
import dev.holdfast.workbench.WorkbenchId;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** What a sandbox may answer, whoever has got hold of it. */
@Timeout(60)
class GvisorControlTest {
  private static final WorkbenchId ID = WorkbenchId.random();

  @TempDir Path home;

  /** Says something to whoever calls. */
  private interface Sandbox {
    void answer(SocketChannel caller) throws IOException;
  }

  private Optional<JsonNode> call(Sandbox sandbox) throws Exception {
    var control = new GvisorControl(Layout.in(home), ID);
    Path place = Files.createDirectories(control.layout().runtime(ID));
    try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      Path name = place.resolve("runsc-" + ID + ".sock");
      Doorway.use(name, control.layout(), ID, address -> listener.bind(address, 1));
      Thread answering = Thread.startVirtualThread(() -> answerOnce(listener, sandbox));
      try {
        return control.call("containerManager.Pause", NullNode.instance);
      } finally {
        answering.join();
        HostFiles.delete(control.layout().run(ID));
        control.layout().removeIfEmpty();
      }
    }
  }

  private static void answerOnce(ServerSocketChannel listener, Sandbox sandbox) {
    try (SocketChannel caller = listener.accept()) {
      caller.read(ByteBuffer.allocate(4096));
      sandbox.answer(caller);
    } catch (IOException hungUp) {
      // The caller has heard enough.
    }
  }

  private static Sandbox says(String... pieces) {
    return caller -> {
      for (String piece : pieces) {
        caller.write(ByteBuffer.wrap(piece.getBytes(UTF_8)));
        LockSupport.parkNanos(5_000_000);
      }
    };
  }

  @Test
  void anAnswerMayComeInPieces() throws Exception {
    assertThat(call(says("{\"success\":true,\"err\":\"\",", "\"result\":{\"a\":{}", "}}")))
        .hasValueSatisfying(result -> assertThat(result.toString()).isEqualTo("{\"a\":{}}"));
  }

  @Test
  void aBuildWithoutTheSocketOrTheMethodIsToldByItsProgram() throws Exception {
    assertThat(new GvisorControl(Layout.in(home), ID).call("any", NullNode.instance)).isEmpty();
    assertThat(call(says("{\"success\":false,\"err\":\"unknown method\",\"result\":null}")))
        .isEmpty();
  }

  @Test
  void aRefusalIsTold() {
    assertThatThrownBy(() -> call(says("{\"success\":false,\"err\":\"no\"}")))
        .isInstanceOf(IOException.class)
        .hasMessage("the sandbox refuses `containerManager.Pause`: no");
  }

  @Test
  void anAnswerThatSaysNothingIsARefusal() {
    assertThatThrownBy(() -> call(says("{}"))).hasMessageContaining("refuses");
    assertThatThrownBy(() -> call(says("{\"success\":\"perhaps\"}")))
        .hasMessageContaining("refuses");
  }

  @Test
  void aSandboxThatHangsUpOrTalksNonsenseOrFloodsHasNotDoneIt() {
    assertThatThrownBy(() -> call(says())).hasMessage("the sandbox hung up");
    assertThatThrownBy(() -> call(says("}}}{"))).hasMessage("the sandbox hung up");
    assertThatThrownBy(() -> call(says("{\"success\":true"))).hasMessage("the sandbox hung up");
    assertThatThrownBy(() -> call(says("{\"err\":\"" + "x}".repeat(50_000))))
        .hasMessageContaining("more than 65536 bytes");
  }
}
