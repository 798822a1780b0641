/*
 * A check, before a command does its work, that its outputs overwrite none of its inputs and not
 * each other, and that no two inputs are one pipe. The same rules hold for every command and every
 * file, also for files beside another one and for files that a checkpoint names:
 *
 *   - No output is an input, even if the input is read to its end before the output replaces it.
 *     The input belongs to the user and may be the only copy. There are two exceptions, where a
 *     command reads a file and writes its next version under the same name: the checkpoint that a
 *     run resumes from and then writes, and the model and its list of words in `convert MODEL
 *     MODEL`. They do no harm, because a mapped file keeps its contents until the new file is
 *     complete. The caller does not enter such an input.
 *   - No two outputs are the same file.
 *   - No two inputs are standard input or the same pipe: the second would find it empty.
 *
 * Files are compared by device and inode, so links and other spellings of a name do not matter. A
 * file that does not exist yet is compared by its folder and name. "-" is standard input or output.
 * A file that is neither regular nor a pipe (a terminal, /dev/null) may be named any number of times.
 */
#ifndef W2V_BASE_PATHS_H
#define W2V_BASE_PATHS_H

#include <sys/stat.h>

#include "base/error.h"

struct paths {
    struct paths_entry *entries;
    size_t n, capacity;
    int status; /* W2V_ENOMEM after memory ran out; paths_check reports it */
};

/* Begin with {0}. */
void paths_release(struct paths *paths);

/*
 * Enters a file. Messages call it `what`, as "the corpus". Both strings must outlive `paths`. A
 * path of NULL is ignored. If an input cannot be examined here, the function that opens it reports
 * why.
 */
void paths_input(struct paths *paths, const char *what, const char *path);
void paths_output(struct paths *paths, const char *what, const char *path);

/* Enters an input that is open, by its descriptor: its name may have changed since. */
void paths_input_open(struct paths *paths, const char *what, const char *path, int fd);

/* Whether both names are names of the same regular file. */
bool paths_same(const char *a, const char *b);

/* W2V_EARG if one of the rules is broken. */
int paths_check(const struct paths *paths, struct w2v_error *error);

#endif
