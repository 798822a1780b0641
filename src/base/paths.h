/*
 * The files that a piece of work reads and writes, kept apart before it begins. There is one rule,
 * for every command and every file, those beside another and those that a checkpoint names included:
 *
 *   - An output is none of the inputs, also where the input would be read to its end before the
 *     output takes its name: what stands there is the user's, and may be all that there is of it.
 *     A file may be replaced only by itself in a new state, where the command was given it as both:
 *     the checkpoint from which a run goes on by that run's next one, and a model, its list of words
 *     included, by `convert MODEL MODEL`. That does no harm, for a mapped file stays what it was
 *     until the new one is whole. Nobody enters such an input.
 *   - Two outputs are not one file.
 *
 * Files are compared by device and inode, so neither links nor other ways to write a name matter;
 * those that are not there yet by their folder and name. "-" is standard input or output. What is no
 * regular file (a terminal, /dev/null) may be named as often as one likes, but two outputs cannot
 * share a pipe.
 */
#ifndef W2V_BASE_PATHS_H
#define W2V_BASE_PATHS_H

#include <sys/stat.h>

#include "base/error.h"

struct paths {
    struct paths_entry *entries;
    size_t n, capacity;
    int status; /* W2V_ENOMEM once memory ran out; paths_check tells */
};

/* Begin with {0}. */
void paths_release(struct paths *paths);

/*
 * Enters a file. `what` is how messages call it, "the corpus"; both strings must stay. A path of NULL
 * is none. An input that cannot be looked at is left to whoever opens it.
 */
void paths_input(struct paths *paths, const char *what, const char *path);
void paths_output(struct paths *paths, const char *what, const char *path);

/* Likewise an input that is open, which may have another name by now. */
void paths_input_open(struct paths *paths, const char *what, const char *path, int fd);

/* Whether two names are those of one regular file. */
bool paths_same(const char *a, const char *b);

/* W2V_EARG where an output is not apart. */
int paths_check(const struct paths *paths, struct w2v_error *error);

#endif
