/*
 * What a process would leave behind: temporary files that have a name for now, and tools that unpack
 * for it. Who makes one enters it here and takes it out when it has its last name or is gone, so that
 * a program that ends by a signal can end them too: stray_remove_all may be called in the handler.
 *
 * This is the one thing that the library keeps for the whole process. A fixed number of them can be
 * entered at a time; what finds no room is not removed, and no harm is done otherwise.
 */
#ifndef W2V_BASE_STRAY_H
#define W2V_BASE_STRAY_H

#include <sys/types.h>

/* Enters a name; the string must stay as it is until stray_drop. */
void stray_add(char *path);

/* Takes the name out and frees it, unless a handler uses it just now. NULL is allowed. */
void stray_drop(char *path);

/* Likewise a child process; take it out before it is waited for, while its number is its own. */
void stray_add_child(pid_t child);
void stray_drop_child(pid_t child);

/* Removes all files and kills all children entered. Safe in a signal's handler, on any thread. */
void stray_remove_all(void);

#endif
