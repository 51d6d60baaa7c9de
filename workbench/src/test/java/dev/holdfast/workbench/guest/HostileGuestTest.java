package dev.holdfast.workbench.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.workbench.Connection;
import dev.holdfast.workbench.End;
import dev.holdfast.workbench.ExecSpec;
import dev.holdfast.workbench.Execution;
import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.WorkbenchException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the guest says, the channel ends with a reason, and nobody waits for ever. */
@Timeout(60)
class HostileGuestTest {
  private FakeGuest fake;

  @BeforeEach
  void start() {
    fake = FakeGuest.greeted();
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  private static ExecSpec spec() {
    return ExecSpec.of("true");
  }

  private int begun(Execution ignored) throws IOException {
    return fake.next(Protocol.EXEC).stream();
  }

  private ChannelEnd end() throws Exception {
    return fake.ended.get(20, TimeUnit.SECONDS);
  }

  private void assertViolation(String detail) throws Exception {
    assertThat(end().cause()).as(end().detail()).isEqualTo(ChannelEnd.Cause.VIOLATION);
    assertThat(end().detail()).contains(detail);
    assertThatThrownBy(() -> fake.host.exec(spec()))
        .isInstanceOf(WorkbenchException.class)
        .hasMessageContaining(detail);
  }

  private static ByteBuffer header(int length, int stream, int type, int reserved) {
    return ByteBuffer.allocate(Protocol.HEADER)
        .putInt(length)
        .putInt(stream)
        .put((byte) type)
        .put((byte) 1)
        .putShort((short) reserved)
        .flip();
  }

  @ParameterizedTest
  @ValueSource(ints = {Limits.MAX_RECEIVED_PAYLOAD + 1, 1 << 30, -1, Integer.MIN_VALUE})
  void aLyingLengthEndsTheChannelBeforeAnythingIsAllocated(int length) throws Exception {
    Execution running = fake.host.start(spec());
    int stream = begun(running);
    fake.say(header(length, stream, Protocol.DATA, 0));
    assertViolation("a frame claims");
    assertThat(running.await()).isInstanceOf(End.WorkbenchLost.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {7, -1, Integer.MIN_VALUE, Protocol.GUEST_STREAM | 5})
  void anUnknownStreamEndsTheChannel(int stream) throws Exception {
    fake.say(Protocol.DATA, 1, stream, (byte) 1);
    assertViolation("unknown stream");
  }

  @Test
  void reservedBytesMustBeZero() throws Exception {
    fake.say(header(0, 0, Protocol.PONG, 1));
    assertViolation("reserved");
  }

  @Test
  void aHalfFrameAtTheEndIsAViolation() throws Exception {
    fake.say(header(100, 0, Protocol.PONG, 0));
    fake.hangUp();
    assertViolation("ended within a frame");
  }

  @Test
  void hangingUpEndsEveryCall() throws Exception {
    Execution running = fake.host.start(spec());
    begun(running);
    var reading = CompletableFuture.supplyAsync(() -> fileRead());
    fake.next(Protocol.FILE);
    fake.hangUp();
    assertThat(running.await()).isInstanceOf(End.WorkbenchLost.class);
    assertThat(reading.get(10, TimeUnit.SECONDS)).contains("the workbench is gone");
    assertThatThrownBy(() -> running.stdout().read()).isInstanceOf(IOException.class);
    assertThat(end().cause()).isEqualTo(ChannelEnd.Cause.GUEST_GONE);
    assertThat(fake.host.alive()).isFalse();
  }

  private String fileRead() {
    try {
      return "read " + fake.host.files().read("f", 0, 10).length;
    } catch (WorkbenchException | FileError e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void outputWithoutCreditEndsTheChannel() throws Exception {
    Execution running = fake.host.start(spec());
    int stream = begun(running);
    var chunk = new byte[Limits.MAX_DATA];
    for (int i = 0; i <= Limits.OUTPUT_WINDOW / Limits.MAX_DATA; i++) {
      fake.say(Protocol.DATA, Protocol.STDOUT, stream, chunk);
    }
    assertViolation("without credit");
  }

  @Test
  void impossibleFramesOfAnExecutionEndTheChannel() throws Exception {
    for (byte[] frame :
        new byte[][] {
          {(byte) Protocol.DATA, 0}, {(byte) Protocol.DATA, 9}, {(byte) Protocol.EOF, 7},
          {(byte) Protocol.REPLY, 0}, {(byte) Protocol.EXIT, 0}, {(byte) Protocol.CREDIT, 0},
          {(byte) Protocol.CLOSE, 0}, {0x55, 0}
        }) {
      try (FakeGuest other = FakeGuest.greeted()) {
        Execution running = other.host.start(spec());
        int stream = other.next(Protocol.EXEC).stream();
        other.say(frame[0] & 0xff, frame[1], stream, (byte) 1);
        assertThat(other.ended.get(10, TimeUnit.SECONDS).cause())
            .as("type %x", frame[0])
            .isEqualTo(ChannelEnd.Cause.VIOLATION);
        assertThat(running.await()).isInstanceOf(End.WorkbenchLost.class);
      }
    }
  }

  @Test
  void creditBeyondMeasureEndsTheChannel() throws Exception {
    Execution running = fake.host.start(spec().withOpenStdin());
    int stream = begun(running);
    fake.say(Frames.credit(Protocol.STDIN, stream, Integer.MAX_VALUE));
    assertViolation("of credit");
  }

  @Test
  void anEndThatComesTwiceOrForNoProgramEndsTheChannel() throws Exception {
    Execution running = fake.host.start(spec());
    int stream = begun(running);
    fake.sayExit(stream, 0);
    assertThat(running.await()).isEqualTo(new End.Exited(0));
    fake.sayExit(stream, 0);
    assertViolation("unknown stream");
  }

  @Test
  void anExitCodeThatCannotBeEndsTheChannel() throws Exception {
    Execution running = fake.host.start(spec());
    fake.sayExit(begun(running), 256);
    assertViolation("an end of kind");
  }

  @Test
  void pongsWithoutPingsAndSecondGreetingsEndTheChannel() throws Exception {
    fake.say(Protocol.PONG, 0, 0, new byte[8]);
    assertViolation("no ping");
    try (FakeGuest other = FakeGuest.greeted()) {
      other.say(Protocol.WELCOME, 0, 0, new byte[] {0, 0, 0, 1, 0, 0, 0, 1});
      assertThat(other.ended.get(10, TimeUnit.SECONDS).detail()).contains("a greeting");
    }
  }

  @Test
  void connectionsThatNoRelayAskedForAreClosedAndTooManyEndTheChannel() throws Exception {
    fake.say(Protocol.ACCEPTED, 0, Protocol.GUEST_STREAM | 1, new byte[] {0, 0, 0, 9});
    assertThat(fake.next().type()).isEqualTo(Protocol.CLOSE);
    for (int i = 2; i <= Limits.MAX_CONNECTIONS + 1; i++) {
      fake.say(Protocol.ACCEPTED, 0, Protocol.GUEST_STREAM | i, new byte[] {0, 0, 0, 9});
    }
    assertViolation("connections");
  }

  private CompletableFuture<Connection> connecting() {
    return CompletableFuture.supplyAsync(() -> fake.host.connect(80));
  }

  private void sayConnected(int stream) throws IOException {
    fake.say(Protocol.REPLY, 0, stream, new byte[4]);
  }

  @Test
  void lyingAboutAConnectionEndsTheChannel() throws Exception {
    byte[] nothing = {};
    byte[] four = {0, 0, 0, 0};
    for (var lie :
        List.of(
            Map.entry(Protocol.DATA, nothing), // before the answer
            Map.entry(Protocol.CLOSE, nothing),
            Map.entry(Protocol.REPLY, new byte[3]),
            Map.entry(Protocol.REPLY, new byte[5]),
            Map.entry(Protocol.REPLY, new byte[] {0, 0, 0, 8, 0, 0, 1, 0, 'x'}))) {
      try (FakeGuest other = FakeGuest.greeted()) {
        var waiting = CompletableFuture.supplyAsync(() -> other.host.connect(80));
        other.say(lie.getKey(), 0, other.next(Protocol.CONNECT).stream(), lie.getValue());
        assertThat(other.ended.get(10, TimeUnit.SECONDS).cause())
            .isEqualTo(ChannelEnd.Cause.VIOLATION);
        assertThat(waiting).failsWithin(Duration.ofSeconds(20));
      }
    }
    for (int lie : new int[] {Protocol.REPLY, Protocol.EXIT, Protocol.CREDIT + 100}) {
      try (FakeGuest other = FakeGuest.greeted()) {
        var waiting = CompletableFuture.supplyAsync(() -> other.host.connect(80));
        int stream = other.next(Protocol.CONNECT).stream();
        other.say(Protocol.REPLY, 0, stream, four);
        var connection = waiting.get(20, TimeUnit.SECONDS);
        other.say(lie, 0, stream, four);
        assertThat(other.ended.get(10, TimeUnit.SECONDS).cause())
            .isEqualTo(ChannelEnd.Cause.VIOLATION);
        assertThatThrownBy(() -> connection.input().read()).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void aConnectionSendsNoMoreThanItsCreditClosedOrNot() throws Exception {
    var waiting = connecting();
    int stream = fake.next(Protocol.CONNECT).stream();
    sayConnected(stream);
    waiting.get(20, TimeUnit.SECONDS).close();
    fake.next(Protocol.CLOSE);
    var chunk = new byte[Limits.MAX_DATA];
    for (int i = 0; i <= Limits.OUTPUT_WINDOW / Limits.MAX_DATA; i++) {
      fake.say(Protocol.DATA, Protocol.STDOUT, stream, chunk);
    }
    assertViolation("without credit");
  }

  @Test
  void aConnectionThatIsRefusedOrEndedIsForgotten() throws Exception {
    var refused = connecting();
    int stream = fake.next(Protocol.CONNECT).stream();
    byte[] why = {0, 0, 0, 8, 0, 0, 0, 2, 'n', 'o', 0};
    fake.say(Protocol.REPLY, 0, stream, why);
    assertThat(refused)
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .withMessageContaining("port `80` inside cannot be reached: no");
    fake.say(Protocol.DATA, Protocol.STDOUT, stream, (byte) 1);
    assertViolation("unknown stream");
  }

  private static byte[] event(int kind, int flag, String path, String to) {
    byte[] first = Frames.utf8(path);
    byte[] second = Frames.utf8(to);
    var event = ByteBuffer.allocate(2 + Frames.sizeOf(first) + Frames.sizeOf(second));
    event.put((byte) kind).put((byte) flag);
    return Frames.putString(Frames.putString(event, first), second).array();
  }

  @Test
  void lyingAboutFilesEndsTheChannel() throws Exception {
    var lies =
        List.of(
            event(1, 0, "../outside", ""),
            event(1, 0, "/etc/passwd", ""),
            event(3, 0, "", ""),
            event(4, 0, "a", "b/../../c"),
            event(2, 2, "a", ""),
            event(0, 0, "a", ""),
            event(7, 0, "a", ""),
            new byte[0],
            new byte[] {1, 0, 0, 0, 1, 0, 'a', 0},
            new byte[20_000]);
    for (byte[] lie : lies) {
      try (FakeGuest other = FakeGuest.greeted()) {
        var waiting = CompletableFuture.supplyAsync(() -> other.host.watch(""));
        int stream = other.next(Protocol.WATCH).stream();
        other.say(Protocol.REPLY, 0, stream, new byte[4]);
        var events = waiting.get(20, TimeUnit.SECONDS);
        other.say(Protocol.DATA, 1, stream, lie);
        assertThat(other.ended.get(10, TimeUnit.SECONDS).cause())
            .isEqualTo(ChannelEnd.Cause.VIOLATION);
        assertThatThrownBy(events::next).isInstanceOf(IOException.class);
      }
    }
  }

  @Test
  void aFloodOfEventsEndsTheChannelAtItsCredit() throws Exception {
    var waiting = CompletableFuture.supplyAsync(() -> fake.host.watch(""));
    int stream = fake.next(Protocol.WATCH).stream();
    fake.say(Protocol.REPLY, 0, stream, new byte[4]);
    waiting.get(20, TimeUnit.SECONDS);
    byte[] told = event(1, 0, "x".repeat(1000), "");
    for (int sent = 0; sent <= Limits.OUTPUT_WINDOW; sent += told.length) {
      fake.say(Protocol.DATA, 1, stream, told);
    }
    assertViolation("without credit");
  }

  @Test
  void moreFileContentThanAskedForEndsTheChannel() throws Exception {
    var reading = CompletableFuture.supplyAsync(() -> fileRead());
    int stream = fake.next(Protocol.FILE).stream();
    fake.say(Protocol.REPLY, 0, stream, new byte[4 + 1 + 11]);
    assertThat(reading.get(10, TimeUnit.SECONDS)).contains("beyond what was asked for");
    assertViolation("beyond what was asked for");
  }

  @Test
  void noiseEndsTheChannelAndNeverHangs() throws Exception {
    for (int seed = 0; seed < 300; seed++) {
      try (FakeGuest other = FakeGuest.greeted()) {
        Execution running = other.host.start(spec());
        int stream = other.next(Protocol.EXEC).stream();
        sayNoise(other, new Random(seed), stream);
        other.hangUp();
        assertThat(running.await()).isNotNull();
        assertThat(other.ended.get(10, TimeUnit.SECONDS)).isNotNull();
      }
    }
  }

  /** Frames that look right, with wrong content; the host may hang up meanwhile. */
  private static void sayNoise(FakeGuest guest, Random random, int stream) {
    int[] types = {
      Protocol.DATA,
      Protocol.EOF,
      Protocol.CREDIT,
      Protocol.EXIT,
      Protocol.REPLY,
      Protocol.PONG,
      Protocol.ACCEPTED,
      Protocol.CLOSE,
      random.nextInt(256)
    };
    try {
      for (int i = 0; i < 20; i++) {
        var payload = new byte[random.nextInt(60)];
        random.nextBytes(payload);
        int id = random.nextInt(4) == 0 ? random.nextInt() : stream;
        guest.say(types[random.nextInt(types.length)], random.nextInt(4), id, payload);
      }
    } catch (IOException e) {
      // The host has seen enough.
    }
  }
}
