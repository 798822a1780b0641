/*
 * Data unpacked by a child process. See unpack.h.
 *
 * Where the tool must be fed, its input is a pair of sockets, because send() can be told not to
 * raise SIGPIPE. One poll() waits for the tool's output, its messages and room in its input. So no
 * thread is needed, and the two processes cannot wait for each other for ever.
 */
#include "base/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"

enum { FED_BYTES = 1 << 16 };

/* ---- Formats --------------------------------------------------------------------------------- */

enum { GZIP, BZIP2, XZ, ZSTD, LZ4, ZIP, SEVEN_ZIP };

static const struct unpack_format formats[] = {
    [GZIP] = {"gzip", {"gzip", "-dc", NULL}},
    [BZIP2] = {"bzip2", {"bzip2", "-dc", NULL}},
    [XZ] = {"xz", {"xz", "-dc", NULL}},
    [ZSTD] = {"zstd", {"zstd", "-qdc", NULL}},
    [LZ4] = {"lz4", {"lz4", "-qdc", NULL}},
    [ZIP] = {"zip", {NULL}},
    [SEVEN_ZIP] = {"7z", {NULL}},
};

/* The magic of bzip2 is followed by that of a block or of the end; a short file may cut it. */
static bool is_bzip2(const unsigned char *head, size_t n)
{
    const size_t n_more = n > 10 ? 6 : n - 4;
    return n > 4 && memcmp(head, "BZh", 3) == 0 && head[3] >= '1' && head[3] <= '9' &&
           (memcmp(head + 4, "1AY&SY", n_more) == 0 ||
            memcmp(head + 4, "\x17\x72\x45\x38\x50\x90", n_more) == 0);
}

/* Files of zstd and lz4 may begin with a skippable frame, and those of pzstd do. */
static bool is_skippable(const unsigned char *head, size_t n)
{
    return n >= 4 && (head[0] & 0xf0) == 0x50 && memcmp(head + 1, "\x2a\x4d\x18", 3) == 0;
}

const struct unpack_format *unpack_recognise(const unsigned char *head, size_t n)
{
    static const struct {
        const char *bytes;
        size_t n;
        int format;
    } magics[] = {
        {"\x1f\x8b", 2, GZIP},
        {"\x1f\x9d", 2, GZIP}, /* compress; gzip reads it */
        {"\xfd\x37\x7a\x58\x5a\x00", 6, XZ},
        {"\x28\xb5\x2f\xfd", 4, ZSTD},
        {"\x04\x22\x4d\x18", 4, LZ4},
        {"PK\x03\x04", 4, ZIP},
        {"7z\xbc\xaf\x27\x1c", 6, SEVEN_ZIP},
    };
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (n >= magics[i].n && memcmp(head, magics[i].bytes, magics[i].n) == 0)
            return &formats[magics[i].format];
    if (is_bzip2(head, n))
        return &formats[BZIP2];
    return is_skippable(head, n) ? &formats[ZSTD] : NULL;
}

/* ---- Starting -------------------------------------------------------------------------------- */

static int cannot_start(const struct unpack *unpack, int fault, struct w2v_error *error)
{
    char what[160];
    const char *tool = unpack->format->argv[0];
    snprintf(what, sizeof what,
             "is compressed by %s, but the program %s cannot be started (install it, or unpack the "
             "file first)",
             unpack->format->name, tool);
    errno = fault;
    return error_system(error, unpack->path, what);
}

int unpack_start(struct unpack *unpack, const char *path, const struct unpack_format *format,
                 int source, const unsigned char *head, size_t n_head, struct w2v_error *error)
{
    int out[2] = {-1, -1}, feed[2] = {-1, -1};
    *unpack = (struct unpack){.path = path,
                              .format = format,
                              .child = {.said = -1},
                              .out = -1,
                              .source = source,
                              .feed = -1};
    if (format->argv[0] == NULL)
        return error_set(error, W2V_EFORMAT, "%s: is a %s archive; unpack it first", path,
                         format->name);
    int status = W2V_OK;
    if (!child_pipe(out) ||
        (n_head > 0 && (!child_socket(feed) || fcntl(feed[0], F_SETFL, O_NONBLOCK) != 0)))
        status = error_system(error, path, "cannot make a pipe");
    if (status == W2V_OK && n_head > 0) {
        unpack->fed = mem_calloc(FED_BYTES, 1, "a pipe", error);
        if (unpack->fed != NULL)
            memcpy(unpack->fed, head, n_head);
        unpack->n_fed = unpack->n_taken = n_head;
        status = unpack->fed != NULL ? W2V_OK : W2V_ENOMEM;
    }
    if (status == W2V_OK) {
        int fault =
            child_start(&unpack->child, format->argv, n_head > 0 ? feed[1] : source, out[1]);
        if (fault != 0)
            status = cannot_start(unpack, fault, error);
    }
    child_close(&out[1]);
    child_close(&feed[1]);
    unpack->out = out[0];
    unpack->feed = feed[0];
    if (status != W2V_OK)
        unpack_stop(unpack);
    return status;
}

/* ---- Reading --------------------------------------------------------------------------------- */

/* Takes bytes from the source or sends some to the tool, without waiting for the tool. */
static int feed_tool(struct unpack *unpack, struct w2v_error *error)
{
    if (unpack->n_sent == unpack->n_fed) {
        ssize_t n = read(unpack->source, unpack->fed, FED_BYTES);
        if (n < 0 && errno == EINTR)
            return W2V_OK;
        if (n < 0)
            return error_system(error, unpack->path, "cannot read");
        unpack->n_sent = 0;
        unpack->n_fed = (size_t)n;
        unpack->n_taken += (size_t)n;
        if (n == 0)
            child_close(&unpack->feed);
        return W2V_OK;
    }
    ssize_t n = send(unpack->feed, unpack->fed + unpack->n_sent, unpack->n_fed - unpack->n_sent,
                     MSG_NOSIGNAL);
    if (n >= 0)
        unpack->n_sent += (size_t)n;
    else if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
        child_close(&unpack->feed); /* the tool reads no more; its exit status says why */
    return W2V_OK;
}

/*
 * Waits until the tool's output, messages or input can go on, and handles the latter two. *ready is
 * set if there is output to read.
 */
static int poll_tool(struct unpack *unpack, bool *ready, struct w2v_error *error)
{
    struct pollfd ends[3] = {{.fd = unpack->out, .events = POLLIN},
                             {.fd = unpack->child.said, .events = POLLIN},
                             {.fd = -1}};
    if (unpack->feed >= 0)
        ends[2] = unpack->n_sent < unpack->n_fed
                      ? (struct pollfd){.fd = unpack->feed, .events = POLLOUT}
                      : (struct pollfd){.fd = unpack->source, .events = POLLIN};
    *ready = false;
    if (poll(ends, 3, -1) < 0)
        return errno == EINTR ? W2V_OK : error_system(error, unpack->path, "cannot wait");
    *ready = ends[0].revents != 0;
    if (ends[1].revents != 0)
        child_hear(&unpack->child);
    return ends[2].revents != 0 ? feed_tool(unpack, error) : W2V_OK;
}

/* Checks, after the tool's output has ended, that the tool succeeded. */
static int check_end(struct unpack *unpack, struct w2v_error *error)
{
    const char *tool = unpack->format->argv[0];
    child_close(&unpack->feed);
    const int status = child_wait(&unpack->child);
    const char *message = unpack->child.message;
    /* gzip and bzip2 unpack the data and say this about the rest; other tools call it damaged. */
    if (strstr(message, "trailing garbage") != NULL)
        return error_set(error, W2V_EFORMAT,
                         "%s: something else follows the data compressed by %s; cut that off, "
                         "or unpack the file first",
                         unpack->path, unpack->format->name);
    if (child_succeeded(&unpack->child, status))
        return W2V_OK;
    if (child_not_found(status))
        return cannot_start(unpack, ENOENT, error);
    if (status != -1 && WIFSIGNALED(status))
        return error_set(error, W2V_EIO, "%s: %s was ended by signal %d while it unpacked the file",
                         unpack->path, tool, WTERMSIG(status));
    return error_set(error, W2V_EFORMAT,
                     "%s: %s cannot unpack it (%s); the file is cut or damaged, or something "
                     "else follows the compressed data",
                     unpack->path, tool, message[0] != '\0' ? message : "it does not say why");
}

int unpack_read(struct unpack *unpack, void *bytes, size_t n, size_t *n_got,
                struct w2v_error *error)
{
    *n_got = 0;
    while (unpack->out >= 0) {
        bool ready;
        int status = poll_tool(unpack, &ready, error);
        if (status != W2V_OK)
            return status;
        if (!ready)
            continue;
        ssize_t got = read(unpack->out, bytes, n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_system(error, unpack->path, "cannot read");
        *n_got = (size_t)got;
        if (got > 0)
            return W2V_OK;
        child_close(&unpack->out);
        return check_end(unpack, error);
    }
    return W2V_OK;
}

void unpack_stop(struct unpack *unpack)
{
    if (unpack->format == NULL)
        return;
    child_stop(&unpack->child);
    child_close(&unpack->out);
    child_close(&unpack->feed);
    free(unpack->fed);
    *unpack = (struct unpack){.child = {.said = -1}, .out = -1, .feed = -1};
}
