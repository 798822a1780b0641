/*
 * Temporary files that have a name for now. See stray.h.
 *
 * Whoever takes a name out of its place, by one atomic exchange, owns it from then on: a handler
 * never reads what another thread has freed. A name that a handler took is not freed any more, for
 * the process is about to end.
 */
#include "base/stray.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

enum { PLACES = 256 };

static _Atomic(char *) places[PLACES];

void stray_add(char *path)
{
    for (size_t i = 0; i < PLACES; i++) {
        char *none = NULL;
        if (atomic_compare_exchange_strong(&places[i], &none, path))
            return;
    }
}

void stray_drop(char *path)
{
    if (path == NULL)
        return;
    for (size_t i = 0; i < PLACES; i++) {
        char *mine = path;
        if (atomic_compare_exchange_strong(&places[i], &mine, NULL)) {
            free(path);
            return;
        }
    }
    /*
     * It found no room, or a handler has it; nobody can tell which, so it is not freed. That is
     * a few bytes at the end of a process, or for each file past PLACES open at once.
     */
}

void stray_remove_all(void)
{
    for (size_t i = 0; i < PLACES; i++) {
        char *path = atomic_exchange(&places[i], NULL);
        if (path != NULL)
            unlink(path);
    }
}
