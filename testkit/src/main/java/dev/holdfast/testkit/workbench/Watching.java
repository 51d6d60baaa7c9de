package dev.holdfast.testkit.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.workbench.FileEvent;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** What is told of files. */
interface Watching extends Fixture {
  @Test
  default void whatProgramsDoToFilesIsTold() throws Exception {
    output("mkdir -p watched/before; echo 1 > watched/before/file");
    try (var events = workbench().watch("watched")) {
      output(
          "cd watched; echo 2 >> before/file; mkdir -p new/deep; mv before after; echo 3 > after/more;"
              + " rm after/file; touch mark");
      var told = new ArrayList<FileEvent>();
      var last = new FileEvent.Created("watched/mark", false);
      while (told.isEmpty() || !told.getLast().equals(last)) {
        told.add(events.next().orElseThrow());
      }
      assertThat(told)
          .contains(
              new FileEvent.Changed("watched/before/file", false),
              new FileEvent.Created("watched/new", true),
              new FileEvent.Renamed("watched/before", "watched/after", true),
              new FileEvent.Created("watched/after/more", false),
              new FileEvent.Removed("watched/after/file", false));
    }
  }
}
