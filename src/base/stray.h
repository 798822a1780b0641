/*
 * The temporary files and child processes that a process would leave behind if a signal ended it.
 * The code that makes one enters it here, and takes it out when the file has its final name or is
 * removed, or the child has ended. A signal handler may call stray_remove_all, which removes all
 * files and ends all children.
 *
 * Three things of the library belong to the whole process: these entries, the lock of child.c, and the key
 * of hash.h, which is chosen once. The number of entries is limited. A file or child beyond the limit is
 * left behind by a signal.
 */
#ifndef W2V_BASE_STRAY_H
#define W2V_BASE_STRAY_H

#include <sys/types.h>

/* Enters a name; the string must stay as it is until stray_drop. */
void stray_add(char *path);

/* Takes the name out and frees it, unless a handler is using it. NULL is allowed. */
void stray_drop(char *path);

/*
 * Enters a child process and takes it out. Take it out before waiting for it: afterwards another
 * process may have its number.
 */
void stray_add_child(pid_t child);
void stray_drop_child(pid_t child);

/*
 * Removes all entered files and kills all entered children. Safe in signal handlers, on any thread.
 */
void stray_remove_all(void);

#endif
