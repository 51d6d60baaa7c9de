package dev.holdfast.cli.image;

import dev.holdfast.cli.command.Context;
import dev.holdfast.cli.command.Syntax;
import dev.holdfast.cli.command.Terminal;
import dev.holdfast.image.ImageReference;
import dev.holdfast.image.Platform;
import dev.holdfast.image.registry.CredentialHelper;
import dev.holdfast.image.registry.DockerConfig;
import dev.holdfast.image.registry.RegistryClient;
import dev.holdfast.image.registry.RegistrySettings;
import dev.holdfast.image.store.ImageStore;
import dev.holdfast.image.store.Progress;
import dev.holdfast.image.store.StoredImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** The image that a workbench shall be made of, as options name it. */
public final class Images {
  private static final String OPTION = "--image";
  private static final String HELPER = "--credential-helper";

  private Images() {}

  /** Adds the options that choose an image. */
  public static void addTo(CommandSpec spec) {
    spec.addOption(
        Syntax.option(
            OPTION,
            "REF",
            String.class,
            "An image as the system inside; otherwise this machine's /usr."));
    addHelper(spec);
  }

  static CommandSpec addHelper(CommandSpec spec) {
    return spec.addOption(
        Syntax.option(
            HELPER,
            "NAME",
            String.class,
            "May start docker-credential-NAME, if Docker's configuration names it."));
  }

  /** The image that was asked for: the one that is here, pulled first when there is none. */
  public static Optional<StoredImage> chosen(ParseResult arguments, Context context)
      throws IOException {
    String written = arguments.matchedOptionValue(OPTION, "");
    if (written.isEmpty()) {
      return Optional.empty();
    }
    var here = ImageStore.in(context.home()).find(written);
    return here.isPresent() ? here : Optional.of(pull(written, arguments, context));
  }

  static StoredImage pull(String written, ParseResult arguments, Context context)
      throws IOException {
    var reference = ImageReference.parse(written);
    String helper = arguments.matchedOptionValue(HELPER, "");
    var credentials =
        new DockerConfig(
            DockerConfig.places(context.env()),
            helper.isEmpty()
                ? Optional.empty()
                : Optional.of(new CredentialHelper(helper, context.env())));
    try (var client = RegistryClient.open(reference, credentials, settings(context))) {
      return ImageStore.in(context.home())
          .pull(
              reference.toString(),
              reference.digest(),
              client,
              Platform.ofHost(),
              progress(context.terminal()));
    }
  }

  private static RegistrySettings settings(Context context) {
    var standard = RegistrySettings.standard();
    List<Path> certificates = new ArrayList<>(standard.certificates());
    certificates.add(context.home().resolve("certs.d"));
    return new RegistrySettings(
        standard.attempts(), standard.backoff(), standard.answer(), standard.stall(), certificates);
  }

  /** A line for each layer, beside the results. */
  static Progress progress(Terminal terminal) {
    return (layer, step) ->
        terminal.note(
            "%s  %10s  %s"
                .formatted(
                    layer.digest().brief(),
                    Sizes.text(layer.size()),
                    switch (step) {
                      case PRESENT -> "is here";
                      case FETCHED -> "fetched";
                      case UNPACKED -> "unpacked";
                    }));
  }
}
