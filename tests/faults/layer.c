/*
 * The fault layer: calls that ask the system for something, each made to fail on demand. It is
 * linked under the program's own objects by the linker's --wrap, which turns their calls of NAME
 * into calls of the __wrap_NAME here; the Makefile has the list of names. inject.c drives
 * it through the environment:
 *
 *     W2V_FAULT="KIND N MODE"    the N-th call of the kind, counted from 1
 *         once     it alone fails
 *         on       it and all later ones fail
 *         short    reads and writes from it on transfer one byte at a time
 *         eintr    from it on every other call is interrupted
 *     W2V_FAULT_FD=FD            gets one byte when the fault is hit for the first time
 *
 * A KIND without a fault costs a comparison. Without W2V_FAULT nothing fails.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum mode { OFF, ONCE, ON, SHORT, EINTR_EVERY_OTHER };

static char faulty_kind[16];
static unsigned long faulty_n;
static enum mode mode;
static int report_fd = -1;
static atomic_ulong n_calls;

ssize_t __real_write(int fd, const void *bytes, size_t n);

__attribute__((constructor)) static void configure(void)
{
    static const char *const modes[] = {"off", "once", "on", "short", "eintr"};
    const char *fault = getenv("W2V_FAULT"), *fd = getenv("W2V_FAULT_FD");
    char name[16] = "";
    if (fault == NULL || sscanf(fault, "%15s %lu %15s", faulty_kind, &faulty_n, name) != 3)
        return;
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (strcmp(name, modes[i]) == 0)
            mode = (enum mode)i;
    if (fd != NULL)
        report_fd = (int)strtol(fd, NULL, 10);
}

/* Whether this call of the kind is the one, or one of those, that the fault is about. */
static int hit(const char *kind)
{
    if (mode == OFF || strcmp(kind, faulty_kind) != 0)
        return 0;
    unsigned long n = atomic_fetch_add(&n_calls, 1) + 1;
    if (n == faulty_n && report_fd >= 0)
        (void)!__real_write(report_fd, "!", 1);
    if (n < faulty_n)
        return 0;
    return mode == ONCE ? n == faulty_n : mode == EINTR_EVERY_OTHER ? (n - faulty_n) % 2 == 0 : 1;
}

/* Whether the call fails, with errno set: to EINTR, or to what is usual for it. */
static int fails(const char *kind, int number)
{
    if (!hit(kind) || mode == SHORT)
        return 0;
    errno = mode == EINTR_EVERY_OTHER ? EINTR : number;
    return 1;
}

/* Reads and writes: as `fails`, or with *n cut to one byte. */
static int fails_or_shortens(const char *kind, int number, size_t *n)
{
    if (!hit(kind))
        return 0;
    if (mode == SHORT) {
        *n = *n > 0;
        return 0;
    }
    errno = mode == EINTR_EVERY_OTHER ? EINTR : number;
    return 1;
}

/* RESULT __wrap_NAME(PARAMETERS): fails as KIND does with FAILURE, else is __real_NAME(ARGUMENTS). */
#define WRAP(result, name, parameters, arguments, kind, number, failure) \
    result __real_##name parameters;                                     \
    result __wrap_##name parameters;                                     \
    result __wrap_##name parameters                                      \
    {                                                                    \
        return fails(kind, number) ? failure : __real_##name arguments;  \
    }

/* ---- Memory ---------------------------------------------------------------------------------- */

WRAP(void *, malloc, (size_t n), (n), "alloc", ENOMEM, NULL)
WRAP(void *, calloc, (size_t n, size_t size), (n, size), "alloc", ENOMEM, NULL)
WRAP(void *, realloc, (void *old, size_t n), (old, n), "alloc", ENOMEM, NULL)
WRAP(void *, aligned_alloc, (size_t to, size_t n), (to, n), "alloc", ENOMEM, NULL)
WRAP(char *, strdup, (const char *text), (text), "alloc", ENOMEM, NULL)
WRAP(char *, strndup, (const char *text, size_t n), (text, n), "alloc", ENOMEM, NULL)
WRAP(char *, realpath, (const char *path, char *to), (path, to), "alloc", ENOMEM, NULL)
WRAP(locale_t, newlocale, (int mask, const char *name, locale_t base), (mask, name, base), "alloc",
     ENOMEM, (locale_t)0)
WRAP(void *, mmap, (void *at, size_t n, int rights, int flags, int fd, off_t offset),
     (at, n, rights, flags, fd, offset), "map", ENOMEM, MAP_FAILED)

/* ---- Threads --------------------------------------------------------------------------------- */

/* These return what others leave in errno. */
#define WRAP_THREAD(name, parameters, arguments, kind)                \
    int __real_##name parameters;                                     \
    int __wrap_##name parameters;                                     \
    int __wrap_##name parameters                                      \
    {                                                                 \
        return fails(kind, EAGAIN) ? errno : __real_##name arguments; \
    }

WRAP_THREAD(pthread_create,
            (pthread_t * thread, const pthread_attr_t *attr, void *(*run)(void *), void *arg),
            (thread, attr, run, arg), "thread")
WRAP_THREAD(pthread_mutex_init, (pthread_mutex_t * lock, const pthread_mutexattr_t *attr),
            (lock, attr), "lock")
WRAP_THREAD(pthread_cond_init, (pthread_cond_t * cond, const pthread_condattr_t *attr),
            (cond, attr), "lock")

/* ---- Files ----------------------------------------------------------------------------------- */

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    va_list args;
    va_start(args, flags);
    mode_t rights = (flags & O_CREAT) != 0 ? va_arg(args, mode_t) : 0;
    va_end(args);
    return fails("open", EMFILE) ? -1 : __real_open(path, flags, rights);
}

WRAP(FILE *, fopen, (const char *path, const char *how), (path, how), "open", EMFILE, NULL)
WRAP(int, stat, (const char *path, struct stat *st), (path, st), "stat", EIO, -1)
WRAP(int, lstat, (const char *path, struct stat *st), (path, st), "stat", EIO, -1)
WRAP(char *, getcwd, (char *path, size_t n), (path, n), "stat", EIO, NULL)
WRAP(int, fstat, (int fd, struct stat *st), (fd, st), "stat", EIO, -1)
WRAP(int, rename, (const char *from, const char *to), (from, to), "rename", EIO, -1)
WRAP(int, link, (const char *from, const char *to), (from, to), "link", EPERM, -1)
WRAP(int, fsync, (int fd), (fd), "sync", EIO, -1)
WRAP(int, ftruncate, (int fd, off_t n), (fd, n), "room", ENOSPC, -1)
WRAP_THREAD(posix_fallocate, (int fd, off_t offset, off_t n), (fd, offset, n), "room")

/* The file is closed all the same, as on Linux. */
int __real_close(int fd);
int __wrap_close(int fd);
int __wrap_close(int fd)
{
    int failed = fails("close", EIO), number = errno, status = __real_close(fd);
    errno = failed ? number : errno;
    return failed ? -1 : status;
}

#define WRAP_READ(result, name, parameters, arguments)                            \
    result __real_##name parameters;                                              \
    result __wrap_##name parameters;                                              \
    result __wrap_##name parameters                                               \
    {                                                                             \
        return fails_or_shortens("read", EIO, &n) ? -1 : __real_##name arguments; \
    }

WRAP_READ(ssize_t, read, (int fd, void *bytes, size_t n), (fd, bytes, n))
WRAP_READ(ssize_t, pread, (int fd, void *bytes, size_t n, off_t at), (fd, bytes, n, at))

#define WRAP_WRITE(result, name, parameters, arguments)                               \
    result __real_##name parameters;                                                  \
    result __wrap_##name parameters;                                                  \
    result __wrap_##name parameters                                                   \
    {                                                                                 \
        return fails_or_shortens("write", ENOSPC, &n) ? -1 : __real_##name arguments; \
    }

WRAP_WRITE(ssize_t, write, (int fd, const void *bytes, size_t n), (fd, bytes, n))
WRAP_WRITE(ssize_t, pwrite, (int fd, const void *bytes, size_t n, off_t at), (fd, bytes, n, at))

/* ---- Children, and waiting ---------------------------------------------------------------------- */

WRAP(int, pipe, (int fds[2]), (fds), "process", EMFILE, -1)
WRAP(int, socketpair, (int domain, int type, int protocol, int fds[2]),
     (domain, type, protocol, fds), "process", EMFILE, -1)
WRAP(pid_t, waitpid, (pid_t pid, int *status, int options), (pid, status, options), "wait", ECHILD,
     -1)
WRAP(int, poll, (struct pollfd * fds, nfds_t n, int timeout), (fds, n, timeout), "wait", ENOMEM, -1)
WRAP_THREAD(posix_spawnattr_init, (posix_spawnattr_t * attributes), (attributes), "process")
WRAP_THREAD(posix_spawn_file_actions_init, (posix_spawn_file_actions_t * actions), (actions),
            "process")
WRAP_THREAD(posix_spawn_file_actions_adddup2,
            (posix_spawn_file_actions_t * actions, int from, int to), (actions, from, to),
            "process")
WRAP_THREAD(posix_spawnp,
            (pid_t * pid, const char *file, const posix_spawn_file_actions_t *actions,
             const posix_spawnattr_t *attributes, char *const argv[], char *const environment[]),
            (pid, file, actions, attributes, argv, environment), "process")

/* Only what sets: F_GETFD at the start asks whether a descriptor is there at all. */
int __real_fcntl(int fd, int what, ...);
int __wrap_fcntl(int fd, int what, ...);
int __wrap_fcntl(int fd, int what, ...)
{
    va_list args;
    va_start(args, what);
    int value = what == F_SETFD || what == F_SETFL ? va_arg(args, int) : 0;
    va_end(args);
    if ((what == F_SETFD || what == F_SETFL) && fails("process", EINVAL))
        return -1;
    return __real_fcntl(fd, what, value);
}

ssize_t __real_send(int fd, const void *bytes, size_t n, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t n, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t n, int flags)
{
    return fails_or_shortens("write", EPIPE, &n) ? -1 : __real_send(fd, bytes, n, flags);
}

/* ---- stdio --------------------------------------------------------------------------------------- */

/* Standard output's: libc writes by itself, out of the linker's reach. */
WRAP(int, fflush, (FILE * file), (file), "flush", ENOSPC, EOF)

int __real_fclose(FILE *file);
int __wrap_fclose(FILE *file);
int __wrap_fclose(FILE *file)
{
    int failed = fails("flush", ENOSPC), number = errno, status = __real_fclose(file);
    errno = failed ? number : errno;
    return failed ? EOF : status;
}

ssize_t __real_getline(char **line, size_t *capacity, FILE *file);
ssize_t __wrap_getline(char **line, size_t *capacity, FILE *file);
ssize_t __wrap_getline(char **line, size_t *capacity, FILE *file)
{
    return fails("alloc", ENOMEM) ? -1 : __real_getline(line, capacity, file);
}

/* ---- The same under the names that _FILE_OFFSET_BITS=64 gives them --------------------------------- */

#define SAME(name) \
    extern __typeof__(__wrap_##name) __wrap_##name##64 __attribute__((alias("__wrap_" #name)));
SAME(fcntl)
SAME(fopen)
SAME(fstat)
SAME(ftruncate)
SAME(lstat)
SAME(mmap)
SAME(open)
SAME(posix_fallocate)
SAME(pread)
SAME(pwrite)
SAME(stat)
