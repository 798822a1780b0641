/* Output files. See outfile.h. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

enum { BUFFER_BYTES = 1 << 18 };

static bool is_standard_output(const char *path)
{
    return strcmp(path, "-") == 0;
}

/* What an output's name stands for. */
struct target {
    char *path;  /* through links, to replace what they lead to; the caller's to free */
    bool exists; /* and its rights stay */
    bool direct; /* no regular file, or somebody's open one: write as it is */
    mode_t mode; /* rights, of a new file as far as the umask leaves them */
};

/* Names of open descriptors, such as /dev/stdout: a regular file behind one is its opener's. */
static bool is_descriptor(const char *name)
{
    return strncmp(name, "/dev/", 5) == 0 || strncmp(name, "/proc/", 6) == 0;
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

/* Opens a new file beside the target, with its rights. */
static int open_temporary(struct outfile *out, const struct target *target, struct w2v_error *error)
{
    size_t n = strlen(out->path) + sizeof ".tmp";
    char *stem = mem_calloc(n, 1, "a file name", error);
    if (stem == NULL)
        return W2V_ENOMEM;
    snprintf(stem, n, "%s.tmp", out->path);
    out->fd = file_create(stem, target->mode, &out->temporary, NULL);
    int status = out->fd >= 0 ? W2V_OK : error_system(error, out->name, "cannot write");
    free(stem);
    if (status == W2V_OK && target->exists && fchmod(out->fd, target->mode) != 0)
        errno = 0; /* a file system without rights; the file is good all the same */
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

/* How messages call the file. */
static const char *said_name(const struct outfile *out)
{
    return is_standard_output(out->name) ? "standard output" : out->name;
}

static int write_all(struct outfile *out, const char *bytes, size_t n_bytes,
                     struct w2v_error *error)
{
    while (n_bytes > 0) {
        ssize_t n = write(out->fd, bytes, n_bytes);
        if (n < 0 && errno == EINTR)
            continue;
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
    if (out->fd >= 0 && out->fd != STDOUT_FILENO)
        close(out->fd);
    free(out->name);
    free(out->path);
    free(out->temporary);
    free(out->buffer);
    *out = (struct outfile){.fd = -1};
}

int outfile_settle(struct outfile *out, struct w2v_error *error)
{
    int status = flush(out, error);
    if (status == W2V_OK && out->temporary != NULL && file_sync(out->fd) != 0)
        status = error_system(error, said_name(out), "cannot sync");
    return status;
}

int outfile_commit(struct outfile *out, struct w2v_error *error)
{
    int status = outfile_settle(out, error);
    if (status != W2V_OK)
        goto fail;
    if (out->temporary != NULL) {
        int fd = out->fd;
        out->fd = -1;
        if (file_close(fd) != 0 || rename(out->temporary, out->path) != 0) {
            status = error_system(error, said_name(out), "cannot write");
            goto fail;
        }
        sync_folder(out->path);
    }
    release(out);
    return W2V_OK;
fail:
    outfile_abort(out);
    return status;
}

void outfile_abort(struct outfile *out)
{
    if (out->temporary != NULL)
        unlink(out->temporary);
    release(out);
}
