/*
 * Data compressed by a child process. See pack.h. The tool's input is a pair of sockets, because
 * send() can be told not to raise SIGPIPE. While pack_write waits for the tool, it reads the tool's
 * messages. So the two cannot wait for each other for ever.
 */
#include "base/pack.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "base/bytes.h"
#include "base/file.h"

/* "gzip -n" leaves out the time, because equal runs must give equal files. */
static const struct pack_format formats[] = {
    {"gzip", ".gz", {"gzip", "-nc", NULL}}, {"bzip2", ".bz2", {"bzip2", "-c", NULL}},
    {"xz", ".xz", {"xz", "-c", NULL}},      {"zstd", ".zst", {"zstd", "-qc", NULL}},
    {"lz4", ".lz4", {"lz4", "-qc", NULL}},
};

const struct pack_format *pack_of_name(const char *name, size_t *n_rest)
{
    *n_rest = strlen(name);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        const size_t n = strlen(formats[i].ending);
        if (*n_rest > n && name[*n_rest - n - 1] != '/' &&
            bytes_alike(name + *n_rest - n, formats[i].ending, n)) {
            *n_rest -= n;
            return &formats[i];
        }
    }
    return NULL;
}

static int cannot_start(const struct pack *pack, int fault, struct w2v_error *error)
{
    char what[160];
    const char *tool = pack->format->argv[0];
    snprintf(what, sizeof what,
             "is to be compressed by %s, but the program %s cannot be started (install it, or name "
             "the file without %s)",
             pack->format->name, tool, pack->format->ending);
    errno = fault;
    return error_system(error, pack->path, what);
}

int pack_start(struct pack *pack, const char *path, const struct pack_format *format, int target,
               struct w2v_error *error)
{
    int feed[2] = {-1, -1};
    *pack = (struct pack){.path = path, .format = format, .child = {.said = -1}, .feed = -1};
    if (!child_socket(feed)) {
        const int status = error_system(error, path, "cannot make a pipe");
        child_close(&feed[0]);
        child_close(&feed[1]);
        return status;
    }
    const int fault = child_start(&pack->child, format->argv, feed[1], target);
    child_close(&feed[1]);
    pack->feed = feed[0];
    if (fault == 0)
        return W2V_OK;
    pack_stop(pack);
    return cannot_start(pack, fault, error);
}

int pack_check(const char *path, const struct pack_format *format, struct w2v_error *error)
{
    struct pack pack;
    const int nowhere = file_open("/dev/null", O_WRONLY, 0);
    if (nowhere < 0)
        return error_system(error, "/dev/null", "cannot open");
    int status = pack_start(&pack, path, format, nowhere, error);
    file_close(nowhere);
    return status == W2V_OK ? pack_finish(&pack, error) : status;
}

/* Waits until the tool reads on, or says something, which is kept. */
static int wait_for_tool(struct pack *pack, struct w2v_error *error)
{
    struct pollfd ends[2] = {{.fd = pack->feed, .events = POLLOUT},
                             {.fd = pack->child.said, .events = POLLIN}};
    if (poll(ends, 2, -1) < 0 && errno != EINTR)
        return error_system(error, pack->path, "cannot wait");
    if (ends[1].revents != 0)
        child_hear(&pack->child);
    return W2V_OK;
}

int pack_write(struct pack *pack, const void *bytes, size_t n, struct w2v_error *error)
{
    const char *from = bytes;
    while (n > 0) {
        const ssize_t n_sent = send(pack->feed, from, n, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n_sent < 0 && errno == EINTR)
            continue;
        if (n_sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            const int status = wait_for_tool(pack, error);
            if (status != W2V_OK)
                return status;
            continue;
        }
        if (n_sent < 0) {
            const int fault = errno;
            const int status = pack_finish(pack, error); /* reports why the tool stopped reading */
            errno = fault;
            return status != W2V_OK ? status : error_system(error, pack->path, "cannot write");
        }
        from += n_sent;
        n -= (size_t)n_sent;
    }
    return W2V_OK;
}

int pack_finish(struct pack *pack, struct w2v_error *error)
{
    child_close(&pack->feed);
    if (pack->child.pid == 0)
        return W2V_OK;
    const int status = child_wait(&pack->child);
    if (child_succeeded(&pack->child, status))
        return W2V_OK;
    if (child_not_found(status))
        return cannot_start(pack, ENOENT, error);
    const char *tool = pack->format->argv[0];
    if (status != -1 && WIFSIGNALED(status))
        return error_set(error, W2V_EIO, "%s: cannot write: %s was ended by signal %d", pack->path,
                         tool, WTERMSIG(status));
    return error_set(error, W2V_EIO, "%s: cannot write: %s says: %s", pack->path, tool,
                     pack->child.message[0] != '\0' ? pack->child.message : "nothing");
}

void pack_stop(struct pack *pack)
{
    child_close(&pack->feed);
    child_stop(&pack->child);
}
