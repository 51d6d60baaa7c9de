package dev.holdfast.server.api;

/** A request that cannot be answered, and what the client is told. */
final class RequestRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  private RequestRefused(ApiError error) {
    super(error.message());
    this.error = error;
  }

  static RequestRefused noWorkbench(String idOrName) {
    return new RequestRefused(
        new ApiError(
            404,
            "not_found",
            "there is no workbench `%s`: `holdfast workbench ls` lists them".formatted(idOrName)));
  }

  static RequestRefused noProcess(String id) {
    return new RequestRefused(
        new ApiError(
            404,
            "not_found",
            "there is no background process `%s`: `holdfast workbench ps` lists them"
                .formatted(id)));
  }

  static RequestRefused noCheckpoint(String idOrName) {
    return new RequestRefused(
        new ApiError(
            404,
            "not_found",
            "there is no checkpoint `%s`: `holdfast workbench checkpoints` lists them"
                .formatted(idOrName)));
  }

  static RequestRefused tooLarge(int limit) {
    return new RequestRefused(
        new ApiError(413, "too_large", "the request has more than %d bytes".formatted(limit)));
  }

  ApiError error() {
    return error;
  }
}
