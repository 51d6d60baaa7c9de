package dev.holdfast.image.build;

import dev.holdfast.image.store.StoredImage;
import dev.holdfast.workbench.Workbench;
import dev.holdfast.workbench.WorkbenchSpec;
import java.io.IOException;
import java.nio.file.Path;

/** What a build needs of the machine that it is done on. */
public interface BuildPlace {
  /** The image of that name or digest, pulled when it is not here. */
  StoredImage image(String reference) throws IOException;

  /** An empty directory of bounded size, for as long as the build takes; the same every time. */
  Path room() throws IOException;

  /** A workbench on the container layer. */
  Workbench workbench(WorkbenchSpec spec);
}
