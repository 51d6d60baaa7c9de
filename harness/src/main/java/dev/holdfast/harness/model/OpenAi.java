package dev.holdfast.harness.model;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.LogLevel;
import com.openai.core.Timeout;
import com.openai.errors.OpenAIServiceException;

/** What both of OpenAI's APIs share. */
final class OpenAi {
  private OpenAi() {}

  static OpenAIClient client(Connection connection) {
    var builder =
        OpenAIOkHttpClient.builder()
            .apiKey(connection.key())
            .maxRetries(0)
            .logLevel(LogLevel.OFF)
            .timeout(
                Timeout.builder()
                    .connect(Patience.CONNECT)
                    .read(Patience.SILENCE)
                    .request(Patience.ANSWER)
                    .build());
    if (!connection.url().isEmpty()) {
      builder.baseUrl(connection.url());
    }
    return builder.build();
  }

  static ModelFailure failure(Failures failures, RuntimeException e) {
    return e instanceof OpenAIServiceException answer
        ? failures.of(
            answer.statusCode(),
            String.valueOf(answer.body()),
            Failures.retryAfter(answer.headers().values("retry-after")))
        : failures.unavailable(e);
  }
}
