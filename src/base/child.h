/*
 * Child processes that compress and unpack data for us. Their programs are found on the PATH and
 * started without a shell. A child handles signals in the default way. It has a process group of
 * its own, so that a terminal's signals do not reach it. The first line that a child writes to
 * standard error is kept for an error message. While a child runs it is entered in stray.h, so that
 * a signal that ends us ends it too. This file neither raises signals nor changes how we handle
 * them.
 */
#ifndef W2V_BASE_CHILD_H
#define W2V_BASE_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { CHILD_ARGUMENTS = 4 }; /* with the NULL at their end */

struct child {
    pid_t pid;         /* 0: none */
    int said;          /* our end of its standard error; -1: closed */
    char message[256]; /* the first line from its standard error */
    size_t n_message;
};

/*
 * Makes a pipe, or a pair of sockets, which send() can write without a SIGPIPE. Both ends are
 * closed in child processes. False on failure, with errno set.
 */
bool child_pipe(int fds[2]);
bool child_socket(int fds[2]);

/* Closes *fd if it is open and sets it to -1. */
void child_close(int *fd);

/*
 * Starts argv[0] with `in` as its standard input and `out` as its standard output; its standard
 * error goes to child->said. Returns 0 or an errno. On failure there is nothing to release.
 */
int child_start(struct child *child, const char *const argv[CHILD_ARGUMENTS], int in, int out);

/* Reads from the child's standard error once, and waits until there is something to read. */
void child_hear(struct child *child);

/*
 * Reads the child's standard error to the end and waits until the child has ended. Returns its
 * status as waitpid() gives it, or -1 where the system has discarded that. Spaces, full stops and
 * semicolons are cut off the end of the message, so that it can stand inside a sentence.
 */
int child_wait(struct child *child);

/*
 * Whether the child did its work, by what child_wait returned. Where the status is unknown, the
 * work counts as done if the child wrote no message.
 */
bool child_succeeded(const struct child *child, int status);

/* Whether the status is that of a shell or loader that did not find the program. */
bool child_not_found(int status);

/* Kills the child if it still runs. */
void child_stop(struct child *child);

#endif
