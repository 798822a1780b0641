/*
 * Child processes that work on data for us: started without a shell, found on the PATH, in a process
 * group of their own, so that a terminal's signals reach only us, and with signals as a fresh process
 * has them. What they say on standard error is kept for a message. While they run they are entered
 * in stray.h, so that a signal that ends us ends them too. No signal is raised or changed here.
 */
#ifndef W2V_BASE_CHILD_H
#define W2V_BASE_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { CHILD_ARGUMENTS = 4 }; /* with the NULL at their end */

struct child {
    pid_t pid;         /* 0: none */
    int said;          /* our end of its standard error; -1: ended */
    char message[256]; /* the first line that it said */
    size_t n_message;
};

/* Two ends that no child inherits unless told to; false, with errno set, where there are none. */
bool child_pipe(int fds[2]);
bool child_socket(int fds[2]); /* whose ends can be written without a signal: send() */

/* Closes an end, if it is open, and sets it to -1. */
void child_close(int *fd);

/*
 * Starts argv[0] with these as its descriptors 0 and 1, its standard error being heard: 0, or an
 * errno. On failure nothing is left.
 */
int child_start(struct child *child, const char *const argv[CHILD_ARGUMENTS], int in, int out);

/* Takes what it says now; waits where it says nothing yet. */
void child_hear(struct child *child);

/*
 * Hears it to the end and waits for it: its status as waitpid has it, or -1 where the system has
 * thrown that away. Its message ends before what would end a sentence.
 */
int child_wait(struct child *child);

/* Ends it, if it still runs. */
void child_stop(struct child *child);

#endif
