/* Child processes. See child.h. */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/stray.h"

extern char **environ;

void child_close(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* Held while descriptors are open that a child would inherit, and while a child is started. */
static pthread_mutex_t inheriting = PTHREAD_MUTEX_INITIALIZER;

static int make_pipe(int fds[2])
{
    return pipe(fds);
}

static int make_socket(int fds[2])
{
    return socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
}

static bool make_closed_in_children(int (*make)(int fds[2]), int fds[2])
{
    pthread_mutex_lock(&inheriting);
    const bool made = make(fds) == 0 && fcntl(fds[0], F_SETFD, FD_CLOEXEC) == 0 &&
                      fcntl(fds[1], F_SETFD, FD_CLOEXEC) == 0;
    pthread_mutex_unlock(&inheriting);
    return made;
}

bool child_pipe(int fds[2])
{
    return make_closed_in_children(make_pipe, fds);
}

bool child_socket(int fds[2])
{
    return make_closed_in_children(make_socket, fds);
}

/* The child handles signals by default even where our process ignores or blocks them. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t set;
    sigemptyset(&set);
    int fault = posix_spawnattr_setsigmask(attributes, &set);
    sigfillset(&set);
    sigdelset(&set, SIGKILL);
    sigdelset(&set, SIGSTOP);
    if (fault == 0)
        fault = posix_spawnattr_setsigdefault(attributes, &set);
    if (fault == 0)
        fault = posix_spawnattr_setpgroup(attributes, 0);
    if (fault == 0)
        fault = posix_spawnattr_setflags(
            attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    return fault;
}

static int spawn(pid_t *pid, const char *const given[CHILD_ARGUMENTS], const int ends[3])
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    char *argv[CHILD_ARGUMENTS] = {NULL};
    memcpy(argv, given, sizeof argv); /* posix_spawn wants pointers to non-const */
    int fault = posix_spawn_file_actions_init(&actions);
    if (fault != 0)
        return fault;
    fault = posix_spawnattr_init(&attributes);
    if (fault == 0) {
        fault = set_attributes(&attributes);
        for (int fd = 0; fd < 3 && fault == 0; fd++)
            fault = posix_spawn_file_actions_adddup2(&actions, ends[fd], fd);
        pthread_mutex_lock(&inheriting);
        if (fault == 0)
            fault = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environ);
        pthread_mutex_unlock(&inheriting);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return fault;
}

/*
 * Copies the ends to descriptors above 2. If our own standard input, output or error is closed, an end
 * may have its number. Then the child would close the end, or lose it when another end gets the number.
 */
static int copy_ends(int ends[3], const int given[3])
{
    int fault = 0;
    for (int i = 0; i < 3; i++) {
        ends[i] = fcntl(given[i], F_DUPFD_CLOEXEC, 3);
        if (ends[i] < 0 && fault == 0)
            fault = errno;
    }
    return fault;
}

int child_start(struct child *child, const char *const argv[CHILD_ARGUMENTS], int in, int out)
{
    int said[2] = {-1, -1};
    *child = (struct child){.said = -1};
    int fault = child_pipe(said) ? 0 : errno;
    if (fault == 0) {
        const int given[3] = {in, out, said[1]};
        int ends[3];
        fault = copy_ends(ends, given);
        if (fault == 0)
            fault = spawn(&child->pid, argv, ends);
        for (int i = 0; i < 3; i++)
            child_close(&ends[i]);
    }
    child_close(&said[1]);
    child->said = said[0];
    if (fault != 0) {
        child->pid = 0;
        child_close(&child->said);
    } else {
        stray_add_child(child->pid);
    }
    return fault;
}

void child_hear(struct child *child)
{
    char text[512];
    ssize_t n = read(child->said, text, sizeof text);
    if (n == 0 || (n < 0 && errno != EINTR))
        child_close(&child->said);
    for (ssize_t i = 0; i < n && child->n_message < sizeof child->message - 1; i++) {
        if (text[i] == '\n' && child->n_message == 0)
            continue;
        child->message[child->n_message++] = text[i];
    }
}

/* Waits until the child has ended and forgets it. Returns what child_wait does. */
static int reap(struct child *child)
{
    int status;
    pid_t pid;
    stray_drop_child(child->pid);
    do
        pid = waitpid(child->pid, &status, 0);
    while (pid < 0 && errno == EINTR);
    child->pid = 0;
    return pid < 0 ? -1 : status;
}

int child_wait(struct child *child)
{
    while (child->said >= 0)
        child_hear(child);
    const int status = reap(child);
    size_t n = strcspn(child->message, "\n");
    while (n > 0 && strchr(" ;.", child->message[n - 1]) != NULL)
        n--;
    child->message[n] = '\0';
    return status;
}

bool child_succeeded(const struct child *child, int status)
{
    return status == -1 ? child->message[0] == '\0' : status == 0;
}

bool child_not_found(int status)
{
    return status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 127;
}

void child_stop(struct child *child)
{
    if (child->pid > 0) {
        kill(child->pid, SIGKILL);
        reap(child);
    }
    child_close(&child->said);
}
