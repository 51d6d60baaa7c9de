package dev.holdfast.cli.image;

import dev.holdfast.cli.command.Context;
import dev.holdfast.image.build.BuildPlace;
import dev.holdfast.image.store.ImageStore;
import dev.holdfast.image.store.StoredImage;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchSpec;
import dev.holdfast.workbench.oci.OciEngine;
import dev.holdfast.workspace.overlay.ScratchDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/** This machine as the place of a build: what is not needed is not made. */
final class Workshop implements BuildPlace, AutoCloseable {
  private final ParseResult arguments;
  private final Context context;
  private final long diskBytes;
  private Optional<OciEngine> engine = Optional.empty();
  private Optional<ScratchDisk> disk = Optional.empty();

  Workshop(ParseResult arguments, Context context, long diskBytes) {
    this.arguments = arguments;
    this.context = context;
    this.diskBytes = diskBytes;
  }

  @Override
  public StoredImage image(String reference) throws IOException {
    var here = ImageStore.in(context.home()).find(reference);
    return here.isPresent() ? here.get() : Images.pull(reference, arguments, context);
  }

  @Override
  public Path room() throws IOException {
    if (disk.isEmpty()) {
      disk = Optional.of(ScratchDisk.make(context.home(), diskBytes));
    }
    return disk.orElseThrow().path();
  }

  @Override
  public Workbench workbench(WorkbenchSpec spec) {
    if (engine.isEmpty()) {
      engine = Optional.of(OciEngine.open(context.home()));
    }
    return engine.orElseThrow().create(spec);
  }

  /** The workbenches end before what they stand on is taken away. */
  @Override
  public void close() throws IOException {
    engine.ifPresent(OciEngine::close);
    if (disk.isPresent()) {
      disk.get().close();
    }
  }
}
