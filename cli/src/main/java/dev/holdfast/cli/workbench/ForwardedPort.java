package dev.holdfast.cli.workbench;

import dev.holdfast.cli.command.CommandFailure;
import dev.holdfast.cli.server.ApiClient;
import dev.holdfast.cli.server.WebSocket;
import dev.holdfast.cli.server.WebSocket.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;

/** The connections that are made to one port of this machine, each carried by one WebSocket. */
record ForwardedPort(
    ApiClient client, String workbench, int port, PortForward.Complaints complaints) {
  /** Open at once; whoever comes then waits. The guest has room for 256. */
  private static final int MOST = 128;

  private static final int PIECE = 32 << 10;

  /** Takes connections in, on a thread of its own, until the listener is closed. */
  void serve(ServerSocketChannel listener) {
    Thread.ofPlatform().daemon().name("forward-" + port).start(() -> accept(listener));
  }

  private void accept(ServerSocketChannel listener) {
    var room = new Semaphore(MOST);
    try {
      while (true) {
        room.acquire();
        var local = listener.accept();
        Thread.startVirtualThread(
            () -> {
              carry(local);
              room.release();
            });
      }
    } catch (IOException closed) {
      // The command has ended.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void carry(SocketChannel local) {
    var path = "%s/connect?port=%d".formatted(Workbenches.path(workbench), port);
    try (local;
        var socket = client.open(path)) {
      var input = new ProgramInput(socket);
      var inwards = Thread.startVirtualThread(() -> carryIn(local, input, socket));
      try {
        carryOut(socket, local, input);
      } finally {
        inwards.interrupt();
      }
    } catch (CommandFailure refused) {
      complaints.say(String.valueOf(refused.getMessage()));
    } catch (IOException broken) {
      // One of both sides broke off: the other sees its connection end.
    }
  }

  private static void carryIn(SocketChannel local, ProgramInput input, WebSocket socket) {
    var bytes = new byte[PIECE];
    try {
      var in = Channels.newInputStream(local);
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        input.keys(bytes, count);
      }
      socket.send(Map.of("end_of_input", true));
    } catch (IOException broken) {
      close(socket);
    }
  }

  private static void close(WebSocket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // It is closed all the same.
    }
  }

  private void carryOut(WebSocket socket, SocketChannel local, ProgramInput input)
      throws IOException {
    for (var message = socket.receive(); message != null; message = socket.receive()) {
      switch (message) {
        case Message.Bytes(byte[] bytes) -> write(local, bytes);
        case Message.Text(JsonNode said) -> hear(said, local, input);
      }
    }
  }

  private static void write(SocketChannel local, byte[] bytes) throws IOException {
    var piece = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    while (piece.hasRemaining()) {
      local.write(piece);
    }
  }

  private void hear(JsonNode said, SocketChannel local, ProgramInput input) throws IOException {
    var failure = ApiClient.failure(said);
    if (failure.isPresent()) {
      throw failure.get();
    }
    if (said.path("connected").asBoolean(false)) {
      complaints.forget();
    }
    if (said.path("end_of_output").asBoolean(false)) {
      local.shutdownOutput();
    }
    input.give(said.path("credit").asInt(0));
  }
}
