package dev.holdfast.image.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.image.ImageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DockerConfigTest {
  @TempDir Path directory;

  private DockerConfig config(String json, Optional<CredentialHelper> helper) throws IOException {
    Path file = Files.writeString(directory.resolve("config.json"), json);
    return new DockerConfig(List.of(directory.resolve("missing.json"), file), helper);
  }

  private static String auth(String text) {
    return "{\"auth\":\""
        + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
        + "\"}";
  }

  private CredentialHelper helper(String name, String script) throws IOException {
    Path program =
        Files.writeString(
            directory.resolve("docker-credential-" + name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return new CredentialHelper(name, Map.of("PATH", directory + ":/usr/bin:/bin"));
  }

  @Test
  void whatLoginStoredIsFoundForItsRegistryAlone() throws Exception {
    var config =
        config(
            "{\"auths\":{\"r.example:5000\":%s,\"https://index.docker.io/v1/\":%s}}"
                .formatted(auth("ada:pa:ss"), auth("eve:x")),
            Optional.empty());
    assertThat(config.find("r.example:5000").credentials())
        .contains(new Credentials.Basic("ada", "pa:ss"));
    assertThat(config.find("docker.io").credentials()).contains(new Credentials.Basic("eve", "x"));
    assertThat(config.find("r.example").credentials()).isEmpty();
    assertThat(config.find("evil-r.example:5000").credentials()).isEmpty();
  }

  @Test
  void anIdentityTokenCountsMoreThanAPassword() throws Exception {
    var config =
        config(
            "{\"auths\":{\"r.example\":{\"auth\":\"YTpi\",\"identitytoken\":\"long\"}}}",
            Optional.empty());
    assertThat(config.find("r.example").credentials())
        .contains(new Credentials.IdentityToken("long"));
  }

  @Test
  void aHelperIsNotStartedUnlessItWasNamed() throws Exception {
    Path trace = directory.resolve("started");
    var helper =
        helper("store", "touch " + trace + "; echo '{\"Username\":\"u\",\"Secret\":\"s\"}'");
    var named = helper("other", "touch " + trace);
    for (String json :
        List.of("{\"credsStore\":\"store\"}", "{\"credHelpers\":{\"r.example\":\"store\"}}")) {
      assertThat(config(json, Optional.empty()).find("r.example").hint()).contains("`store`");
      assertThat(config(json, Optional.of(named)).find("r.example").credentials()).isEmpty();
      assertThat(trace).doesNotExist();
    }
    assertThat(
            config("{\"credsStore\":\"store\"}", Optional.of(helper))
                .find("r.example")
                .credentials())
        .contains(new Credentials.Basic("u", "s"));
    assertThat(trace).exists();
  }

  @Test
  void aHelperThatKnowsNothingIsNoError() throws Exception {
    var helper = helper("store", "echo no such credentials; exit 1");
    assertThat(
            config("{\"credsStore\":\"store\"}", Optional.of(helper))
                .find("r.example")
                .credentials())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "../x", "a/b", "-x", "a b", "a;b"})
  void aHelpersNameIsNoPath(String name) {
    assertThatThrownBy(() -> new CredentialHelper(name, Map.of()))
        .isInstanceOf(ImageException.class);
  }

  @Test
  void noSecretIsPrinted() throws Exception {
    assertThat(new Credentials.Basic("ada", "hunter2").toString()).doesNotContain("hunter2");
    assertThat(new Credentials.IdentityToken("hunter2").toString()).doesNotContain("hunter2");
    var broken = config("{\"auths\":{\"r\":{\"auth\":\"hunter2\"", Optional.empty());
    assertThatThrownBy(() -> broken.find("r")).hasMessageNotContaining("hunter2").hasNoCause();
    var odd = config("{\"auths\":{\"r\":{\"auth\":\"hunter2!\"}}}", Optional.empty());
    assertThatThrownBy(() -> odd.find("r"))
        .isInstanceOf(ImageException.class)
        .hasMessageNotContaining("hunter2");
  }
}
