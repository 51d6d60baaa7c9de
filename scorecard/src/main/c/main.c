/*
 * The attacks: `attack NAME [KEY=VALUE...]` tries one, from inside. `attack bait` plays the host (see bait.c).
 */
#include "attack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
  const char *name;
  void (*run)(void);
} ATTACKS[] = {
    {"modules", attack_modules},
    {"kexec", attack_kexec},
    {"tracing", attack_tracing},
    {"keyrings", attack_keyrings},
    {"host-settings", attack_host_settings},
    {"logs", attack_logs},
    {"proc-writes", attack_proc_writes},
    {"other-abi", attack_other_abi},
    {"ids", attack_ids},
    {"setuid-programs", attack_setuid_programs},
    {"namespaces", attack_namespaces},
    {"confinement", attack_confinement},
    {"mounts", attack_mounts},
    {"handles", attack_handles},
    {"devices", attack_devices},
    {"cgroups", attack_cgroups},
    {"system-files", attack_system_files},
    {"host-files", attack_host_files},
    {"sys", attack_sys},
    {"descriptors", attack_descriptors},
    {"descriptors-on-a-terminal", attack_descriptors},
    {"descriptors-in-background", attack_descriptors},
    {"guest-memory", attack_guest_memory},
    {"guest-signals", attack_guest_signals},
    {"guest-channel", attack_guest_channel},
    {"guest-limits", attack_guest_limits},
    {"neighbours", attack_neighbours},
    {"socket-families", attack_socket_families},
    {"host-abstract", attack_host_abstract},
    {"host-loopback", attack_host_loopback},
    {"outside", attack_outside},
    {"host-ipc", attack_host_ipc},
    {"terminal", attack_terminal},
    {"file-size", attack_file_size},
    {"open-files", attack_open_files},
    {"raise-limits", attack_raise_limits},
    {"core-dump", attack_core_dump},
    {"file-count", attack_file_count},
    {"processes", attack_processes},
    {"shared-tables", attack_shared_tables},
    {"socket-memory", attack_socket_memory},
    {"runtime-binary", attack_runtime_binary},
    {"working-directory", attack_working_directory},
    {"overlay", attack_overlay},
    {"release-agent", attack_release_agent},
    {"netfilter", attack_netfilter},
    {"page-cache", attack_page_cache},
    {"exchange", attack_exchange},
};

static char **arguments;

const char *argument(const char *name) {
  size_t length = strlen(name);
  for (char **at = arguments; *at; at++) {
    if (strncmp(*at, name, length) == 0 && (*at)[length] == '=') {
      return *at + length + 1;
    }
  }
  fprintf(stderr, "attack: argument `%s` is missing\n", name);
  exit(2);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    fprintf(stderr, "usage: attack NAME [KEY=VALUE...]\n");
    return 2;
  }
  arguments = argv + 2;
  if (strcmp(argv[1], "bait") == 0) {
    return bait();
  }
  if (strcmp(argv[1], "alive") == 0) {
    return 0; /* asked after every attack: does the workbench still run programs? */
  }
  for (size_t i = 0; i < sizeof ATTACKS / sizeof *ATTACKS; i++) {
    if (strcmp(argv[1], ATTACKS[i].name) == 0) {
      ATTACKS[i].run();
      return 0;
    }
  }
  fprintf(stderr, "attack: `%s` is unknown\n", argv[1]);
  return 2;
}
