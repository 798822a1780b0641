/*
 * Files and children that a process would leave behind. See stray.h.
 *
 * A name is taken out of its place by one atomic exchange, and the function that takes it out owns
 * it. So a handler never reads a name that another thread has freed. A name that a handler takes is
 * never freed, because the process is about to end.
 */
#include "base/stray.h"

#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PLACES = 256 };

static _Atomic(char *) places[PLACES];
static atomic_long children[PLACES]; /* 0: none */

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
     * Either there was no place for it or a handler has it. These cannot be told apart, so it is
     * not freed. That costs a few bytes when the process ends, or for each file beyond PLACES.
     */
}

void stray_add_child(pid_t child)
{
    for (size_t i = 0; i < PLACES; i++) {
        long none = 0;
        if (atomic_compare_exchange_strong(&children[i], &none, (long)child))
            return;
    }
}

void stray_drop_child(pid_t child)
{
    for (size_t i = 0; i < PLACES; i++) {
        long mine = (long)child;
        if (atomic_compare_exchange_strong(&children[i], &mine, 0))
            return;
    }
}

void stray_remove_all(void)
{
    for (size_t i = 0; i < PLACES; i++) {
        const long child = atomic_exchange(&children[i], 0);
        if (child > 0 && kill((pid_t)child, SIGKILL) == 0)
            waitpid((pid_t)child, NULL, 0);
    }
    for (size_t i = 0; i < PLACES; i++) {
        char *path = atomic_exchange(&places[i], NULL);
        if (path != NULL)
            unlink(path);
    }
}
