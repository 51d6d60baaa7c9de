package dev.holdfast.workbench.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeccompProfileTest {
  private static final List<String> DANGEROUS =
      List.of(
              "mount umount2 pivot_root chroot move_mount open_tree fsopen unshare setns ptrace"
                  + " process_vm_readv process_vm_writev pidfd_getfd kcmp bpf perf_event_open"
                  + " userfaultfd keyctl add_key request_key init_module finit_module delete_module"
                  + " kexec_load kexec_file_load reboot open_by_handle_at name_to_handle_at clone3"
                  + " io_uring_setup io_uring_enter io_uring_register memfd_secret syslog acct swapon"
                  + " quotactl iopl ioperm sethostname settimeofday clock_settime fanotify_init sync")
          .getFirst()
          .transform(names -> List.of(names.split(" ", -1)));

  @Test
  void allowsNoDangerousCall() {
    var allowed = new HashSet<String>();
    SeccompProfile.shipped().entries().stream()
        .filter(SeccompProfile.Entry::allows)
        .forEach(entry -> allowed.addAll(entry.names()));

    assertThat(allowed).isNotEmpty().doesNotContainAnyElementsOf(DANGEROUS);
  }

  @Test
  void hasNoSuperfluousEntry() {
    var unconditional = new HashMap<String, Integer>();
    var conditional = new HashSet<String>();
    var seen = new HashSet<String>();
    for (SeccompProfile.Entry entry : SeccompProfile.shipped().entries()) {
      assertThat(seen.add(entry.action() + entry.names() + entry.conditions())).isTrue();
      for (String name : entry.names()) {
        if (entry.conditions().isEmpty()) {
          unconditional.merge(name, 1, Integer::sum);
        } else {
          conditional.add(name);
        }
      }
    }
    assertThat(unconditional.values()).containsOnly(1);
    assertThat(conditional).doesNotContainAnyElementsOf(unconditional.keySet());
  }

  @Test
  void masksEveryComparedArgumentSoThatTheUpperHalfCannotDodgeIt() {
    for (SeccompProfile.Entry entry : SeccompProfile.shipped().entries()) {
      for (SeccompProfile.Condition condition : entry.conditions()) {
        assertThat(condition.mask()).isBetween(1L, 0xffff_ffffL);
        assertThat(condition.value() & ~condition.mask()).isZero();
      }
    }
  }

  @Test
  void refusesAnEntryWithoutAReason() {
    assertThatThrownBy(() -> SeccompProfile.parse("allow\tread\t-\t"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("reason");
  }
}
