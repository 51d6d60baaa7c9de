package dev.holdfast.workbench;

import dev.holdfast.workbench.WorkbenchCheckpoint.Content;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Saves live workbenches of a layer, and makes others that go on from there. Thread-safe. */
public interface Checkpoints {
  /** The most that this layer can save. */
  Content most();

  /**
   * Saves a live workbench of this layer. Nothing in it moves meanwhile; then it goes on, or stays
   * paused if it was.
   *
   * @throws NotOnThisLayer when memory is asked for that this layer cannot save
   * @throws WorkbenchException when it cannot be saved, or there are too many checkpoints already;
   *     the workbench goes on, nothing is left
   */
  WorkbenchCheckpoint take(Workbench workbench, Content content);

  /**
   * As {@link #take(Workbench, Content)}, for somebody who knows more of the workbench.
   *
   * @param files the directory that is saved in place of the workspace, as that is made of it;
   *     empty where there is no workspace
   * @param notes kept with the checkpoint, a few KiB
   */
  WorkbenchCheckpoint take(
      Workbench workbench, Content content, Optional<Path> files, Map<String, String> notes);

  /**
   * Makes a workbench that goes on from a checkpoint. It is another one: names, tokens and random
   * numbers are its own. Programs that ran go on without whoever started them: their output is
   * dropped, their input gets no more, and relays are gone.
   *
   * @param spec with a workspace that is an empty directory, if there was one; with memory all but
   *     the id, the workspace and the environment must be as they were
   * @throws WorkbenchException when there is no such checkpoint, it has been changed, or it does
   *     not fit; nothing is left then but files in the workspace
   */
  Workbench restore(WorkbenchCheckpoint.Id checkpoint, WorkbenchSpec spec);

  /**
   * Several workbenches from one checkpoint, all or none.
   *
   * @param specs one for each, as in {@link #restore}
   */
  List<Workbench> fork(WorkbenchCheckpoint.Id checkpoint, List<WorkbenchSpec> specs);

  /**
   * Several workbenches from one checkpoint, all or none, over workspaces that somebody else makes
   * of its files.
   *
   * @param most of what was saved goes on: with {@code FILES} no program does
   * @param count how many
   * @param places asked once for each
   */
  List<Workbench> fork(WorkbenchCheckpoint.Id checkpoint, Content most, int count, Place places);

  /** Where a workbench goes on. */
  @FunctionalInterface
  interface Place {
    /**
     * Makes the workspace, if there was one.
     *
     * @param files puts the saved files into an empty directory
     * @return what the workbench over it shall be, as in {@link #restore}
     */
    WorkbenchSpec make(SavedFiles files) throws IOException;
  }

  /** The files of a checkpoint. */
  @FunctionalInterface
  interface SavedFiles {
    /** Puts them into a directory of the host, which is empty. */
    void into(Path directory) throws IOException;
  }

  /** Every checkpoint of the state directory, oldest first. */
  List<WorkbenchCheckpoint> list();

  /** Removes a checkpoint; does nothing when there is none. */
  void remove(WorkbenchCheckpoint.Id checkpoint);
}
