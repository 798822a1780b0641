/* Output files. See outfile.h. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/paths.h"
#include "base/stray.h"

enum { BUFFER_BYTES = 1 << 18 };

static bool is_standard_output(const char *path)
{
    return strcmp(path, "-") == 0;
}

/* What an output's name stands for. */
struct target {
    char *path;  /* through links, to replace what they lead to; the caller's to free */
    bool exists; /* and its rights and owner stay */
    bool direct; /* no regular file, or somebody's open one: write as it is */
    mode_t mode; /* rights, of a new file as far as the umask leaves them */
    uid_t owner;
    gid_t group;
};

static bool is_number(const char *text)
{
    return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* Names of open descriptors: a regular file behind one is its opener's. */
static bool is_descriptor(const char *name)
{
    static const char *const standard[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    for (size_t i = 0; i < sizeof standard / sizeof standard[0]; i++)
        if (strcmp(name, standard[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        const size_t n = strlen(folders[i]);
        if (strncmp(name, folders[i], n) == 0 && is_number(name + n))
            return true;
    }
    return false;
}

static int resolve(const char *name, struct target *target, struct w2v_error *error)
{
    struct stat st;
    *target = (struct target){.mode = 0666};
    if (name[0] == '\0')
        return error_set(error, W2V_EIO, "the output file's name is empty");
    if (stat(name, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            return error_set(error, W2V_EIO, "%s: is a directory; name a file", name);
        if (access(name, W_OK) != 0)
            return error_system(error, name, "cannot write");
        target->exists = true;
        target->direct = !S_ISREG(st.st_mode) || is_descriptor(name);
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
 * The stem of the temporary file's name, beside the target: the target's with an ending, cut so that
 * the whole is no longer than names may be, and not within a character. The caller's to free.
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
    while (kept < n && kept > 0 && ((unsigned char)path[before + kept] & 0xc0) == 0x80)
        kept--;
    memcpy(stem + before, path + before, kept);
    memcpy(stem + before + kept, ending, sizeof ending);
    return stem;
}

/*
 * Gives the open file the rights and the owner of the one that it will replace. Where the group
 * cannot be kept, what was its right must not become another group's: that gets what all others
 * have. Failure is no error; a file system may have neither, and the file is good all the same.
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
    int status = out->fd >= 0 ? W2V_OK : error_system(error, out->name, "cannot write");
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
        return W2V_OK;
    int status = resolve(path, &target, error);
    free(target.path);
    if (status != W2V_OK || target.direct) /* a pipe's reader would take a test for the end */
        return status;
    status = outfile_open(&out, path, error);
    if (status == W2V_OK)
        outfile_abort(&out);
    return status;
}

int outfile_reserve(struct outfile *out, const char *path, uint64_t n_bytes,
                    struct w2v_error *error)
{
    struct target target = {.path = NULL};
    int fault, status = is_standard_output(path) ? W2V_OK : resolve(path, &target, error);
    const bool direct = is_standard_output(path) || target.direct;
    *out = (struct outfile){.fd = -1};
    free(target.path);
    if (status != W2V_OK || direct)
        return status;
    status = outfile_open(out, path, error);
    if (status != W2V_OK || n_bytes == 0)
        return status;
    do
        fault = posix_fallocate(out->fd, 0, (off_t)(n_bytes < INT64_MAX ? n_bytes : INT64_MAX));
    while (fault == EINTR);
    if (fault != ENOSPC && fault != EFBIG && fault != EDQUOT)
        return W2V_OK; /* there is room, or nobody can tell */
    errno = fault;
    status = error_system(error, path, "cannot write");
    outfile_abort(out);
    return status;
}

/* How messages call the file. */
static const char *said_name(const struct outfile *out)
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
            return error_system(error, said_name(out), "cannot write");
        bytes += n;
        n_bytes -= (size_t)n;
    }
    return W2V_OK;
}

static int flush(struct outfile *out, struct w2v_error *error)
{
    size_t n = out->n_buffered;
    out->n_buffered = 0;
    return write_all(out, out->buffer, n, error);
}

int outfile_pack(struct outfile *out, const struct pack_format *format, struct w2v_error *error)
{
    if (format == NULL)
        return W2V_OK;
    struct pack *pack = mem_calloc(1, sizeof *pack, "a compressed file", error);
    if (pack == NULL)
        return W2V_ENOMEM;
    const int status = pack_start(pack, said_name(out), format, out->fd, error);
    if (status == W2V_OK)
        out->pack = pack;
    else
        free(pack);
    return status;
}

int outfile_write(struct outfile *out, const void *bytes, size_t n_bytes, struct w2v_error *error)
{
    out->n_written += n_bytes;
    if (n_bytes > BUFFER_BYTES - out->n_buffered) {
        int status = flush(out, error);
        if (status != W2V_OK)
            return status;
        if (n_bytes >= BUFFER_BYTES)
            return write_all(out, bytes, n_bytes, error);
    }
    memcpy(out->buffer + out->n_buffered, bytes, n_bytes);
    out->n_buffered += n_bytes;
    return W2V_OK;
}

/* A rename is lasting once its folder is synced; a file system that cannot is not an error. */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    if (folder == NULL)
        return;
    int fd = file_open(folder, O_RDONLY, 0);
    if (fd >= 0) {
        file_sync(fd);
        close(fd);
    }
    free(folder);
}

static void release(struct outfile *out)
{
    if (out->pack != NULL)
        pack_stop(out->pack);
    free(out->pack);
    if (out->fd >= 0 && out->fd != STDOUT_FILENO)
        close(out->fd);
    free(out->name);
    free(out->path);
    stray_drop(out->temporary);
    free(out->buffer);
    *out = (struct outfile){.fd = -1};
}

int outfile_settle(struct outfile *out, struct w2v_error *error)
{
    int status = flush(out, error);
    if (status == W2V_OK && out->pack != NULL)
        status = pack_finish(out->pack, error);
    if (status == W2V_OK && out->temporary != NULL && file_sync(out->fd) != 0)
        status = error_system(error, said_name(out), "cannot sync");
    return status;
}

/* Closes the settled file and gives it its name. */
static int take_name(struct outfile *out, struct w2v_error *error)
{
    if (out->temporary == NULL)
        return W2V_OK;
    const int fd = out->fd;
    out->fd = -1;
    if (file_close(fd) != 0 || rename(out->temporary, out->path) != 0)
        return error_system(error, said_name(out), "cannot write");
    sync_folder(out->path);
    return W2V_OK;
}

int outfile_commit(struct outfile *out, struct w2v_error *error)
{
    int status = outfile_settle(out, error);
    if (status == W2V_OK)
        status = take_name(out, error);
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

/* The file that an output replaces, until it is sure that it does. */
struct replaced {
    bool exists;
    char *name; /* a second name; NULL where there is no file, or the file system gives none */
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
    unlink(kept.name); /* a name that nobody else uses, and that stray.h knows */
    if (link(out->path, kept.name) != 0) {
        stray_drop(kept.name);
        kept.name = NULL;
    }
    return kept;
}

/* Undoes take_name. */
static void put_back(const struct outfile *out, const struct replaced *kept,
                     struct w2v_error *error)
{
    const bool back = kept->name != NULL ? rename(kept->name, out->path) == 0
                                         : !kept->exists && unlink(out->path) == 0;
    if (!back && out->temporary != NULL)
        error_append(error, "; %s is already the new one", said_name(out));
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
        status = outfile_settle(side, error);
    if (status == W2V_OK)
        status = outfile_settle(main, error);
    if (status == W2V_OK) {
        struct replaced kept = keep_replaced(side);
        status = take_name(side, error);
        if (status == W2V_OK) {
            status = take_name(main, error);
            if (status != W2V_OK)
                put_back(side, &kept, error);
        }
        drop_replaced(&kept);
    }
    /* What took its name is no temporary file any more, and stays. */
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
    return status == W2V_OK ? outfile_open(out, path, error) : status;
}
