package dev.holdfast.image.build;

import dev.holdfast.image.ImageException;
import dev.holdfast.image.store.ImageDraft;
import dev.holdfast.image.store.ImageStore;
import dev.holdfast.image.store.StoredImage;
import java.io.IOException;

/**
 * Makes images from Dockerfiles. A step runs in a workbench of its own and is not run again while
 * what it depends on is the same; the image is in the store afterwards like any that was pulled.
 */
public final class ImageBuilder {
  private final ImageStore store;
  private final BuildPlace place;
  private final BuildListener listener;

  public ImageBuilder(ImageStore store, BuildPlace place, BuildListener listener) {
    this.store = store;
    this.place = place;
    this.listener = listener;
  }

  /**
   * Builds an image and names it.
   *
   * @throws ImageException when the Dockerfile is not understood, and then before anything is run;
   *     or when a step fails
   */
  public StoredImage build(BuildRequest request) throws IOException {
    Dockerfile dockerfile = Dockerfile.read(request.dockerfile(), request.file());
    try (ImageDraft draft = store.draft();
        var build = new Build(dockerfile, request, draft, place, listener)) {
      Stage last = build.stage(dockerfile.stages().size() - 1);
      build.noteUnusedArguments();
      return draft.finish(request.name(), last.config().write(last.diffIds()), last.layers());
    }
  }
}
