/*
 * Temporary files that have a name for now. Who makes one enters it here and takes it out when it
 * has its last name or is gone, so that a program that ends by a signal can remove what it would
 * leave behind: stray_remove_all may be called in a signal's handler.
 *
 * This is the one thing that the library keeps for the whole process. A fixed number of names can be
 * entered at a time; what finds no room is not removed, and no harm is done otherwise.
 */
#ifndef W2V_BASE_STRAY_H
#define W2V_BASE_STRAY_H

/* Enters a name; the string must stay as it is until stray_drop. */
void stray_add(char *path);

/* Takes the name out and frees it, unless a handler uses it just now. NULL is allowed. */
void stray_drop(char *path);

/* Removes all files entered. Safe in a signal's handler, on any thread. */
void stray_remove_all(void);

#endif
