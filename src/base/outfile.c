/* Output files. See outfile.h. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/paths.h"
#include "base/stray.h"
#include "base/utf8.h"

enum { BUFFER_BYTES = 1 << 18 };

static bool is_standard_output(const char *path)
{
    return strcmp(path, "-") == 0;
}

/* What an output's name refers to. */
struct target {
    char *path;  /* where symbolic links lead; the caller frees it */
    bool exists; /* the new file gets its rights and owner */
    bool direct; /* it is no regular file, or an open descriptor: write to it directly */
    mode_t mode; /* rights; the umask reduces those of a new file */
    uid_t owner;
    gid_t group;
};

static int resolve(const char *name, struct target *target, struct w2v_error *error)
{
    struct stat st;
    *target = (struct target){.mode = 0666};
    if (name[0] == '\0')
        return error_set(error, W2V_EIO, "the output file's name is empty");
    if (stat(name, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            return error_set(error, W2V_EIO, "%s: is a directory; name a file", name);
        if (access(name, W_OK) != 0 || !file_permits(name, O_WRONLY))
            return error_system(error, name, "cannot write");
        target->exists = true;
        target->direct = !S_ISREG(st.st_mode) || file_descriptor_of(name) >= 0;
        target->mode = st.st_mode & 0777;
        target->owner = st.st_uid;
        target->group = st.st_gid;
        /* A pipe behind /dev/stdout has no other name. */
        target->path = target->direct ? strdup(name) : realpath(name, NULL);
    } else if (errno != ENOENT) {
        return error_system(error, name, "cannot write");
    } else if (lstat(name, &st) == 0) {
        return error_set(error, W2V_EIO, "%s: is a link to a file that is not there; name the file",
                         name);
    } else {
        target->path = strdup(name);
    }
    return target->path != NULL ? W2V_OK : error_system(error, name, "cannot write");
}

/*
 * The stem of the temporary file's name: the target's path with an ending. The name is cut, between
 * two characters, so that the whole is not longer than the system allows. The caller frees it.
 */
static char *make_stem(const char *path, struct w2v_error *error)
{
    static const char ending[] = ".tmp";
    const size_t added = sizeof ending - 1 + FILE_SUFFIX;
    const char *slash = strrchr(path, '/');
    const size_t before = slash != NULL ? (size_t)(slash - path) + 1 : 0;
    char *stem = mem_calloc(strlen(path) + sizeof ending, 1, "a file name", error);
    if (stem == NULL)
        return NULL;
    memcpy(stem, path, before);
    const long most = pathconf(before > 0 ? stem : ".", _PC_NAME_MAX);
    const size_t n = strlen(path) - before, room = most > 0 ? (size_t)most : 255;
    size_t kept = n;
    if (n + added > room)
        kept = room > added ? room - added : 0;
    if (before + kept + added >= PATH_MAX && before + added < PATH_MAX)
        kept = PATH_MAX - 1 - added - before;
    kept = utf8_shorten(path + before, n, kept);
    memcpy(stem + before, path + before, kept);
    memcpy(stem + before + kept, ending, sizeof ending);
    return stem;
}

/*
 * Gives the open file the rights, owner and group of the file that it will replace. If the group
 * cannot be kept, the new group gets the rights of all other users: the rights of the old group
 * were not meant for it. A failure is no error, because some file systems have neither rights nor
 * owners.
 */
static void take_rights(int fd, const struct target *target)
{
    struct stat st;
    mode_t mode = target->mode;
    if (fstat(fd, &st) == 0 && (st.st_uid != target->owner || st.st_gid != target->group) &&
        fchown(fd, target->owner, target->group) != 0 &&
        fchown(fd, (uid_t)-1, target->group) != 0 && st.st_gid != target->group)
        mode = (mode & ~(mode_t)070) | ((mode & 007) << 3 & mode & 070);
    if (fchmod(fd, mode) != 0)
        errno = 0;
}

/* Opens a new file beside the target, with its rights. */
static int open_temporary(struct outfile *out, const struct target *target, struct w2v_error *error)
{
    char *stem = make_stem(out->path, error);
    if (stem == NULL)
        return W2V_ENOMEM;
    out->fd = file_create(stem, target->exists ? target->mode & 0700 : target->mode,
                          &out->temporary, NULL);
    const char *fault = errno == EACCES ? "cannot make a new file beside it" : "cannot write";
    int status = out->fd >= 0 ? W2V_OK : error_system(error, out->name, fault);
    free(stem);
    if (status == W2V_OK && target->exists)
        take_rights(out->fd, target);
    return status;
}

static int open_target(struct outfile *out, struct w2v_error *error)
{
    struct target target;
    if (is_standard_output(out->name)) {
        out->fd = STDOUT_FILENO;
        return W2V_OK;
    }
    int status = resolve(out->name, &target, error);
    out->path = target.path;
    if (status != W2V_OK)
        return status;
    if (!target.direct)
        return open_temporary(out, &target, error);
    out->fd = file_open(out->path, O_WRONLY | O_APPEND, 0);
    return out->fd >= 0 ? W2V_OK : error_system(error, out->name, "cannot write");
}

int outfile_open(struct outfile *out, const char *path, struct w2v_error *error)
{
    *out = (struct outfile){.fd = -1};
    out->name = strdup(path);
    out->buffer = mem_calloc(BUFFER_BYTES, 1, "a file buffer", error);
    if (out->name == NULL)
        error_memory(error, "a file name", strlen(path));
    int status = out->name != NULL && out->buffer != NULL ? open_target(out, error) : W2V_ENOMEM;
    if (status != W2V_OK)
        outfile_abort(out);
    return status;
}

int outfile_check(const char *path, struct w2v_error *error)
{
    struct outfile out;
    struct target target;
    if (is_standard_output(path))
        return file_permits("/dev/stdout", O_WRONLY)
                   ? W2V_OK
                   : error_system(error, "standard output", "cannot write");
    int status = resolve(path, &target, error);
    free(target.path);
    if (status != W2V_OK ||
        target.direct) /* a pipe's reader would take a trial close for the end */
        return status;
    status = outfile_open(&out, path, error);
    if (status == W2V_OK)
        outfile_abort(&out);
    return status;
}

/* Takes n_bytes of room on disk for an open temporary file. */
static int take_room(const struct outfile *out, uint64_t n_bytes, struct w2v_error *error)
{
    int fault;
    do
        fault = posix_fallocate(out->fd, 0, (off_t)(n_bytes < INT64_MAX ? n_bytes : INT64_MAX));
    while (fault == EINTR);
    if (fault != ENOSPC && fault != EFBIG && fault != EDQUOT)
        return W2V_OK; /* there is room, or the system cannot tell */
    errno = fault;
    return error_system(error, out->name, "cannot write");
}

int outfile_reserve(struct outfile *out, const char *path, uint64_t n_bytes,
                    struct w2v_error *error)
{
    struct target target = {.path = NULL};
    int status = is_standard_output(path) ? W2V_OK : resolve(path, &target, error);
    const bool direct = is_standard_output(path) || target.direct;
    *out = (struct outfile){.fd = -1};
    free(target.path);
    if (status != W2V_OK || direct)
        return status;
    status = outfile_open(out, path, error);
    if (status != W2V_OK || n_bytes == 0)
        return status;
    status = take_room(out, n_bytes, error);
    if (status != W2V_OK)
        outfile_abort(out);
    return status;
}

int outfile_check_room(struct outfile *out, uint64_t n_bytes, struct w2v_error *error)
{
    if (out->temporary == NULL || out->pack != NULL || n_bytes == 0)
        return W2V_OK;
    int emptied, status = take_room(out, n_bytes, error);
    if (status != W2V_OK)
        return status;
    do
        emptied = ftruncate(out->fd, 0);
    while (emptied != 0 && errno == EINTR);
    return emptied == 0 ? W2V_OK : error_system(error, out->name, "cannot write");
}

/* The file's name in messages. */
static const char *shown_name(const struct outfile *out)
{
    return is_standard_output(out->name) ? "standard output" : out->name;
}

static int write_all(struct outfile *out, const char *bytes, size_t n_bytes,
                     struct w2v_error *error)
{
    if (out->pack != NULL)
        return pack_write(out->pack, bytes, n_bytes, error);
    while (n_bytes > 0 && !out->reader_lost) {
        ssize_t n = write(out->fd, bytes, n_bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EPIPE && out->may_lose_reader) {
            out->reader_lost = true;
            break;
        }
        if (n < 0)
            return error_system(error, shown_name(out), "cannot write");
        bytes += n;
        n_bytes -= (size_t)n;
    }
    return W2V_OK;
}

static int write_buffer(struct outfile *out, struct w2v_error *error)
{
    size_t n = out->n_buffered;
    out->n_buffered = 0;
    return write_all(out, out->buffer, n, error);
}

/* Compresses all further output, unless `format` is NULL. */
static int start_pack(struct outfile *out, const struct pack_format *format,
                      struct w2v_error *error)
{
    if (format == NULL)
        return W2V_OK;
    struct pack *pack = mem_calloc(1, sizeof *pack, "a compressed file", error);
    if (pack == NULL)
        return W2V_ENOMEM;
    const int status = pack_start(pack, shown_name(out), format, out->fd, error);
    if (status == W2V_OK)
        out->pack = pack;
    else
        free(pack);
    return status;
}

int outfile_open_packed(struct outfile *out, const char *path, struct w2v_error *error)
{
    size_t n_rest;
    int status = outfile_open(out, path, error);
    if (status != W2V_OK)
        return status;
    status = start_pack(out, pack_of_name(path, &n_rest), error);
    if (status != W2V_OK)
        outfile_abort(out);
    return status;
}

int outfile_write(struct outfile *out, const void *bytes, size_t n_bytes, struct w2v_error *error)
{
    out->n_written += n_bytes;
    if (n_bytes > BUFFER_BYTES - out->n_buffered) {
        int status = write_buffer(out, error);
        if (status != W2V_OK)
            return status;
        if (n_bytes >= BUFFER_BYTES)
            return write_all(out, bytes, n_bytes, error);
    }
    memcpy(out->buffer + out->n_buffered, bytes, n_bytes);
    out->n_buffered += n_bytes;
    return W2V_OK;
}

/* Opens the folder of a file; negative on failure. */
static int open_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    const int fd = folder != NULL ? file_open(folder, O_RDONLY, 0) : -1;
    free(folder);
    return fd;
}

/*
 * A rename is permanent once its folder is synced. Failure is no error: some systems cannot do it.
 */
static void sync_folder(const char *path)
{
    const int fd = open_folder(path);
    if (fd < 0)
        return;
    file_sync(fd);
    close(fd);
}

/*
 * Locks the folder of a pair, so that the renames of two runs with the same outputs do not mix. Closing the
 * descriptor unlocks it. Failure is no error: some systems have no such locks, and another program may hold
 * one for long.
 */
static int lock_folder(const struct outfile *out)
{
    const int fd = out->temporary != NULL ? open_folder(out->path) : -1;
#if defined(LOCK_EX)
    const struct timespec pause = {.tv_nsec = 20000000};
    for (int tries = 0; fd >= 0 && tries < 50 && flock(fd, LOCK_EX | LOCK_NB) != 0; tries++)
        nanosleep(&pause, NULL);
#endif
    return fd;
}

static void release(struct outfile *out)
{
    if (out->pack != NULL)
        pack_stop(out->pack);
    free(out->pack);
    if (out->fd >= 0 && !is_standard_output(out->name))
        close(out->fd);
    free(out->name);
    free(out->path);
    stray_drop(out->temporary);
    free(out->buffer);
    *out = (struct outfile){.fd = -1};
}

/* Writes the rest of the output and syncs the file; only the rename is left to do then. */
static int write_and_sync(struct outfile *out, struct w2v_error *error)
{
    int status = write_buffer(out, error);
    if (status == W2V_OK && out->pack != NULL)
        status = pack_finish(out->pack, error);
    if (status == W2V_OK && out->temporary != NULL && file_sync(out->fd) != 0)
        status = error_system(error, shown_name(out), "cannot sync");
    return status;
}

/* Closes the synced file and renames it to its target. */
static int rename_to_target(struct outfile *out, struct w2v_error *error)
{
    if (out->temporary == NULL)
        return W2V_OK;
    const int fd = out->fd;
    out->fd = -1;
    if (file_close(fd) != 0 || rename(out->temporary, out->path) != 0)
        return error_system(error, shown_name(out), "cannot write");
    sync_folder(out->path);
    return W2V_OK;
}

int outfile_commit(struct outfile *out, struct w2v_error *error)
{
    int status = write_and_sync(out, error);
    if (status == W2V_OK)
        status = rename_to_target(out, error);
    if (status == W2V_OK)
        release(out);
    else
        outfile_abort(out);
    return status;
}

void outfile_abort(struct outfile *out)
{
    if (out->temporary != NULL)
        unlink(out->temporary);
    release(out);
}

int outfile_fail(struct outfile *out, struct w2v_error *error)
{
    const int fault = errno;
    int status = out->pack != NULL ? pack_finish(out->pack, error) : W2V_OK;
    errno = fault;
    if (status == W2V_OK)
        status = error_system(error, shown_name(out), "cannot write");
    outfile_abort(out);
    return status;
}

/* The old file at an output's target, which can still be restored. */
struct replaced {
    bool exists;
    char *name; /* its second name; NULL if there is no file or the file system has no links */
};

static struct replaced keep_replaced(const struct outfile *out)
{
    struct stat st;
    struct replaced kept = {0};
    kept.exists = out->temporary == NULL || stat(out->path, &st) == 0 || errno != ENOENT;
    if (out->temporary == NULL || !kept.exists)
        return kept;
    char *stem = make_stem(out->path, NULL);
    const int fd = stem != NULL ? file_create(stem, 0600, &kept.name, NULL) : -1;
    free(stem);
    if (fd < 0)
        return kept;
    close(fd);
    unlink(kept.name); /* only the name is wanted: no other process uses it, and stray.h knows it */
    if (link(out->path, kept.name) != 0) {
        stray_drop(kept.name);
        kept.name = NULL;
    }
    return kept;
}

/* Undoes rename_to_target. */
static void restore_replaced(const struct outfile *out, const struct replaced *kept,
                             struct w2v_error *error)
{
    bool restored = false;
    if (kept->name != NULL)
        restored = rename(kept->name, out->path) == 0;
    else if (!kept->exists)
        restored = unlink(out->path) == 0;
    if (!restored && out->temporary != NULL)
        error_append(error, "; %s has already been replaced by the new file", shown_name(out));
}

static void drop_replaced(struct replaced *kept)
{
    if (kept->name != NULL)
        unlink(kept->name);
    stray_drop(kept->name);
}

int outfile_commit_both(struct outfile *side, struct outfile *main, int status,
                        struct w2v_error *error)
{
    if (status == W2V_OK)
        status = write_and_sync(side, error);
    if (status == W2V_OK)
        status = write_and_sync(main, error);
    if (status == W2V_OK) {
        const int lock = lock_folder(main);
        struct replaced kept = keep_replaced(side);
        status = rename_to_target(side, error);
        if (status == W2V_OK) {
            status = rename_to_target(main, error);
            if (status != W2V_OK)
                restore_replaced(side, &kept, error);
        }
        drop_replaced(&kept);
        if (lock >= 0)
            close(lock);
    }
    /* A renamed file stays, because no file has its temporary name any more. */
    outfile_abort(side);
    outfile_abort(main);
    return status;
}

int outfile_open_apart(struct outfile *out, const char *what, const char *path, const char *reads,
                       const char *const *paths, size_t n_paths, struct w2v_error *error)
{
    struct paths files = {0};
    for (size_t i = 0; i < n_paths; i++)
        paths_input(&files, reads, paths[i]);
    paths_output(&files, what, path);
    const int status = paths_check(&files, error);
    paths_release(&files);
    return status == W2V_OK ? outfile_open_packed(out, path, error) : status;
}
