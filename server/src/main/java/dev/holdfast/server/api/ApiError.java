package dev.holdfast.server.api;

import dev.holdfast.server.ServerException;
import dev.holdfast.workbench.FileError;
import dev.holdfast.workbench.WorkbenchException;
import dev.holdfast.workspace.WorkspaceException;
import java.io.EOFException;
import java.util.Map;

/**
 * Why a request failed, as a client sees it.
 *
 * @param status the HTTP status
 * @param code for programs
 * @param message for people
 */
record ApiError(int status, String code, String message) {
  /** What an exception means; anything that is not expected is a defect. */
  static ApiError of(Throwable failure) {
    var message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case RequestRefused refused -> refused.error();
      case IllegalArgumentException _ -> new ApiError(400, "bad_request", message);
      case EOFException _ -> new ApiError(400, "bad_request", "the request broke off");
      case FileError wrong -> new ApiError(status(wrong.code()), code(wrong), message);
      case ServerException _ -> new ApiError(409, "conflict", message);
      case WorkbenchException _ -> new ApiError(409, "workbench", message);
      case WorkspaceException _ -> new ApiError(409, "workspace", message);
      default -> new ApiError(500, "internal", "the server failed: %s".formatted(failure));
    };
  }

  private static int status(FileError.Code code) {
    return switch (code) {
      case NOT_FOUND -> 404;
      case NO_SPACE, TOO_LARGE -> 507;
      case OUTSIDE, IS_DIRECTORY, NOT_DIRECTORY, NOT_ALLOWED, OTHER -> 409;
    };
  }

  private static String code(FileError wrong) {
    return "file_" + wrong.code().name().toLowerCase(java.util.Locale.ROOT);
  }

  boolean isDefect() {
    return status == 500;
  }

  Map<String, Object> body() {
    return Map.of("error", Map.of("code", code, "message", message));
  }
}
