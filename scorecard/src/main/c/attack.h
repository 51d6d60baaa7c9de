/*
 * What the attacks have in common. An attack is one function that really attempts something forbidden from inside a
 * workbench. It says what came of each attempt in a line of its own on stdout:
 *
 *   held TAB what TAB reason       refused; the reason is the errno's name, a signal's name or a word
 *   broken TAB what TAB evidence   it worked
 *
 * Whether a reason counts is decided by who reads it (attacks.tsv): a program cannot pass by failing for a wrong one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

__attribute__((format(printf, 2, 3))) void held(const char *what, const char *reason, ...);
__attribute__((format(printf, 2, 3))) void broken(const char *what, const char *evidence, ...);

/* A call that must fail: held with the errno's name when `result` is negative, broken otherwise. */
void must_fail(const char *what, long result);
#define TRY(what, call) (errno = 0, must_fail(what, (long)(call)))

/* The value of the argument `name=value`; without it the program ends, so that nothing passes by not being tried. */
const char *argument(const char *name);

/* Runs `attempt` in a process of its own, which a filter may kill; a kill is reported as held with the signal's name. */
void in_child(const char *what, void (*attempt)(const char *what));

/* Opening a path must fail; with the errno's name. What could be read of it is the evidence. */
void must_not_open(const char *path, int flags);

/* Reads a whole small file; an empty string when that fails. */
void slurp(const char *path, char *text, size_t size);

/* A path that can be written to, in the temporary directory. */
#define SCRATCH "/tmp/attack"

/* kernel.c */
void attack_modules(void);
void attack_kexec(void);
void attack_tracing(void);
void attack_keyrings(void);
void attack_host_settings(void);
void attack_logs(void);
void attack_proc_writes(void);
void attack_other_abi(void);
/* rights.c */
void attack_ids(void);
void attack_setuid_programs(void);
void attack_namespaces(void);
void attack_confinement(void);
/* files.c */
void attack_mounts(void);
void attack_handles(void);
void attack_devices(void);
void attack_cgroups(void);
void attack_system_files(void);
void attack_host_files(void);
void attack_sys(void);
void attack_descriptors(void);
/* guest.c */
void attack_guest_memory(void);
void attack_guest_signals(void);
void attack_guest_channel(void);
void attack_guest_limits(void);
void attack_neighbours(void);
/* sockets.c */
void attack_socket_families(void);
void attack_host_abstract(void);
void attack_host_loopback(void);
void attack_outside(void);
void attack_host_ipc(void);
/* terminal.c */
void attack_terminal(void);
/* limits.c */
void attack_file_size(void);
void attack_open_files(void);
void attack_raise_limits(void);
void attack_core_dump(void);
void attack_file_count(void);
void attack_processes(void);
/* shared.c */
void attack_shared_tables(void);
void attack_socket_memory(void);
/* escapes.c */
void attack_runtime_binary(void);
void attack_working_directory(void);
void attack_overlay(void);
void attack_release_agent(void);
void attack_netfilter(void);
void attack_page_cache(void);
void attack_exchange(void);
/* bait.c: not an attack, but what the host puts out for them */
int bait(void);
