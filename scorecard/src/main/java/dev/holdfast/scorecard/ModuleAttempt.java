package dev.holdfast.scorecard;

import dev.holdfast.workbench.End;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One attempt of an attack as a WebAssembly module: steps that must be refused at one of them.
 *
 * @param what it attempts, for people
 * @param calls its steps, as {@code modules.tsv} writes them
 */
public record ModuleAttempt(String what, String calls) {
  /** WASI preview 1's errors, by number from 1 on. */
  private static final List<String> ERRORS =
      List.of(
          ("2BIG ACCES ADDRINUSE ADDRNOTAVAIL AFNOSUPPORT AGAIN ALREADY BADF BADMSG BUSY CANCELED"
                  + " CHILD CONNABORTED CONNREFUSED CONNRESET DEADLK DESTADDRREQ DOM DQUOT EXIST"
                  + " FAULT FBIG HOSTUNREACH IDRM ILSEQ INPROGRESS INTR INVAL IO ISCONN ISDIR LOOP"
                  + " MFILE MLINK MSGSIZE MULTIHOP NAMETOOLONG NETDOWN NETRESET NETUNREACH NFILE"
                  + " NOBUFS NODEV NOENT NOEXEC NOLCK NOLINK NOMEM NOMSG NOPROTOOPT NOSPC NOSYS"
                  + " NOTCONN NOTDIR NOTEMPTY NOTRECOVERABLE NOTSOCK NOTSUP NOTTY NXIO OVERFLOW"
                  + " OWNERDEAD PERM PIPE PROTO PROTONOSUPPORT PROTOTYPE RANGE ROFS SPIPE SRCH STALE"
                  + " TIMEDOUT TXTBSY XDEV NOTCAPABLE")
              .split(" ", -1));

  /** Calls of functions that are none of WASI. */
  private static final Pattern FOREIGN = Pattern.compile("([\\w:-]+\\.[\\w.-]+)\\(");

  /** The module that makes it. */
  byte[] module(Map<String, String> places) {
    return ModuleWriter.write(ModuleStep.parse(calls, places));
  }

  /** What came of it, as a line that {@link Verdict#of} reads. */
  String line(End end) {
    return end.equals(new End.Exited(0))
        ? "broken\t%s\tnothing was refused".formatted(what)
        : "held\t%s\t%s".formatted(what, reason(end));
  }

  /** Why it led nowhere: an errno, a word, or the kind of its end. */
  private String reason(End end) {
    return switch (end) {
      case End.Exited(int code) -> reason(code);
      case End.NotStarted(String why) ->
          asksForWhatNobodyGives(why) ? "NotStarted" : "not started: " + why;
      case End.WorkbenchLost(String why) -> "the workbench was lost: " + why;
      case End.Signalled(int signal) -> "signal " + signal;
      case End.Trapped _ -> "Trapped";
      case End.TimedOut _ -> "TimedOut";
      case End.OutputExceeded _ -> "OutputExceeded";
      case End.OutOfMemory _ -> "OutOfMemory";
    };
  }

  private static String reason(int code) {
    return switch (code) {
      case ModuleWriter.OWN -> "own";
      case ModuleWriter.REFUSED -> "refused";
      case ModuleWriter.MIXED -> "refused for more than one reason";
      case ModuleWriter.UNPREPARED -> "what it needs could not be prepared";
      default -> code <= ERRORS.size() ? "E" + ERRORS.get(code - 1) : "exit code " + code;
    };
  }

  /** A module that is wrong in itself is not started either, and that says nothing. */
  private boolean asksForWhatNobodyGives(String why) {
    return FOREIGN.matcher(calls).results().anyMatch(it -> why.contains(it.group(1)));
  }
}
