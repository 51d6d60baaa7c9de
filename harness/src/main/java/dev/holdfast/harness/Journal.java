package dev.holdfast.harness;

import dev.holdfast.run.Autonomy;
import dev.holdfast.run.RunEvent;
import java.util.List;

/**
 * The run's log and the conversation computed from it, kept in step: everything that is appended,
 * by the loop or by the gate, is read back and taken in. Used by the loop's thread alone, except
 * for {@link #autonomy()}.
 */
final class Journal {
  private final LoopSetup setup;
  private final History history;
  private volatile Autonomy autonomy;

  Journal(LoopSetup setup) {
    this.setup = setup;
    this.history = History.rebuild(setup.log().read(setup.run(), 0), setup.blobs());
    this.autonomy = history.autonomy();
  }

  History history() {
    return history;
  }

  Autonomy autonomy() {
    return autonomy;
  }

  /** Makes an event durable and takes it in. */
  void append(RunEvent event) {
    setup.log().append(setup.run(), event);
    catchUp();
  }

  /** Takes in what others have appended. */
  void catchUp() {
    List.copyOf(setup.log().read(setup.run(), history.lastSeq())).forEach(history::apply);
    autonomy = history.autonomy();
  }

  /** Records and shows a change of autonomy. */
  void change(Autonomy to, String why) {
    var from = autonomy;
    append(new RunEvent.AutonomyChanged(from, to, why));
    setup.listener().autonomyChanged(from, to, why);
  }
}
