/* Inputs from start to end. See infile.h. */
#include "base/infile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int infile_open(struct infile *in, const char *path, struct w2v_error *error)
{
    struct stat st;
    int status = W2V_OK;
    *in = (struct infile){.path = path};
    in->fd = infile_is_standard(path) ? STDIN_FILENO : file_open(path, O_RDONLY, 0);
    if (in->fd < 0)
        return error_system(error, path, "cannot open");
    if (fstat(in->fd, &st) != 0)
        status = error_system(error, path, "cannot read");
    else if (S_ISDIR(st.st_mode))
        status = error_set(error, W2V_EIO, "%s: is a directory; name a file", path);
    else if (S_ISREG(st.st_mode))
        in->n_bytes = (uint64_t)st.st_size;
    if (status == W2V_OK)
        in->state = file_state(&st);
    else
        infile_close(in);
    return status;
}

void infile_open_lines(struct infile *in, w2v_line_fn next_line, void *context)
{
    *in = (struct infile){.path = "the lines given",
                          .fd = -1,
                          .begun = true,
                          .next_line = next_line,
                          .context = context};
}

int infile_unchanged(const struct infile *in, struct w2v_error *error)
{
    if (in->next_line != NULL)
        return W2V_OK;
    return file_unchanged(in->fd, &in->state, in->path, error);
}

/* The next bytes of a line or its end, at most n, which is not 0; 0 where no line is left. */
static int read_line(struct infile *in, char *bytes, size_t n, size_t *n_got,
                     struct w2v_error *error)
{
    *n_got = 0;
    if (!in->in_line) {
        const int more = in->next_line(in->context, &in->line, &in->n_line);
        if (more < 0)
            return error_set(error, W2V_ESTOPPED, "stopped by the function that gives the lines");
        if (more == 0)
            return W2V_OK;
        in->in_line = true;
    }
    if (in->n_line == 0) {
        in->in_line = false;
        bytes[(*n_got)++] = '\n';
        return W2V_OK;
    }
    *n_got = n < in->n_line ? n : in->n_line;
    memcpy(bytes, in->line, *n_got);
    in->line += *n_got;
    in->n_line -= *n_got;
    return W2V_OK;
}

/* Reads what there is, at most n bytes; 0 at the end. */
static int read_some(struct infile *in, void *bytes, size_t n, size_t *n_got,
                     struct w2v_error *error)
{
    ssize_t got;
    if (in->next_line != NULL)
        return read_line(in, bytes, n, n_got, error);
    if (in->packed)
        return unpack_read(&in->unpack, bytes, n, n_got, error);
    do
        got = read(in->fd, bytes, n);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return error_system(error, in->path, "cannot read");
    *n_got = (size_t)got;
    return W2V_OK;
}

/* Reads the first bytes, to be given out later. */
static int read_head(struct infile *in, struct w2v_error *error)
{
    size_t n_got = 1;
    for (; in->n_head < sizeof in->head && n_got > 0; in->n_head += n_got) {
        int status =
            read_some(in, in->head + in->n_head, sizeof in->head - in->n_head, &n_got, error);
        if (status != W2V_OK)
            return status;
    }
    return W2V_OK;
}

/* The next bytes of a file, which stay the next; -1 where it has no offsets or cannot be read. */
static ssize_t peek(int fd, unsigned char *bytes, size_t n)
{
    const off_t offset = lseek(fd, 0, SEEK_CUR);
    size_t n_got = 0;
    while (offset >= 0 && n_got < n) {
        ssize_t got = pread(fd, bytes + n_got, n - n_got, offset + (off_t)n_got);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        n_got += (size_t)got;
    }
    return offset >= 0 ? (ssize_t)n_got : -1;
}

/*
 * Looks at the first bytes. Those of a regular file stay where they are, for a tool to read; those
 * of a pipe and of what a tool unpacks are kept.
 */
static int begin(struct infile *in, struct w2v_error *error)
{
    int status = W2V_OK;
    unsigned char head[UNPACK_HEAD];
    const ssize_t n = peek(in->fd, head, sizeof head);
    const struct unpack_format *format;
    in->begun = true;
    if (n < 0) /* no offsets here, or what read() will say as well */
        status = read_head(in, error);
    if (status != W2V_OK)
        return status;
    format = n < 0 ? unpack_recognise(in->head, in->n_head) : unpack_recognise(head, (size_t)n);
    if (format == NULL)
        return W2V_OK;
    status = unpack_start(&in->unpack, in->path, format, in->fd, in->head, in->n_head, error);
    in->packed = true;
    in->n_head = 0;
    if (status == W2V_OK)
        status = read_head(in, error);
    if (status == W2V_OK && unpack_recognise(in->head, in->n_head) != NULL)
        status =
            error_set(error, W2V_EFORMAT, "%s: is compressed twice; unpack it first", in->path);
    return status;
}

int infile_read(struct infile *in, void *bytes, size_t n, size_t *n_got, struct w2v_error *error)
{
    char *to = bytes;
    int status = in->begun ? W2V_OK : begin(in, error);
    *n_got = 0;
    for (; in->n_given < in->n_head && *n_got < n; in->n_given++)
        to[(*n_got)++] = (char)in->head[in->n_given];
    while (status == W2V_OK && *n_got < n) {
        size_t got;
        status = read_some(in, to + *n_got, n - *n_got, &got, error);
        if (status != W2V_OK || got == 0)
            break;
        *n_got += got;
    }
    return status;
}

uint64_t infile_position(const struct infile *in)
{
    off_t offset = in->fd >= 0 && in->n_bytes > 0 ? lseek(in->fd, 0, SEEK_CUR) : 0;
    return offset > 0 ? (uint64_t)offset : 0;
}

uint64_t infile_packed_bytes(const struct infile *in)
{
    return !in->packed ? UINT64_MAX : in->unpack.n_taken > 0 ? in->unpack.n_taken : in->n_bytes;
}

void infile_close(struct infile *in)
{
    unpack_stop(&in->unpack);
    if (in->fd > STDIN_FILENO)
        close(in->fd);
    *in = (struct infile){.fd = -1};
}
