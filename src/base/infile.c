/* Inputs read from start to end. See infile.h. */
#include "base/infile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int infile_open(struct infile *in, const char *path, struct w2v_error *error)
{
    struct stat st = {0};
    int status = W2V_OK;
    *in = (struct infile){.path = infile_name(path), .is_standard = infile_is_standard(path)};
    in->fd = in->is_standard ? STDIN_FILENO : file_open(path, O_RDONLY, 0);
    if (in->fd < 0)
        return error_system(error, in->path, "cannot open");
    if (fstat(in->fd, &st) != 0)
        status = error_system(error, in->path, "cannot read");
    else if (S_ISDIR(st.st_mode))
        status = error_set(error, W2V_EIO, "%s: is a directory; name a file", in->path);
    else if (S_ISREG(st.st_mode))
        in->n_bytes = (uint64_t)st.st_size;
    in->is_regular = S_ISREG(st.st_mode);
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

/* Gives up to n > 0 bytes of the current line, or its line end; *n_got is 0 after the last line. */
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

/* Reads what is available, at most n bytes; *n_got is 0 at the end of the input. */
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

/* Reads the first bytes and keeps them for infile_read. */
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

/*
 * Copies the next bytes of a file and leaves its offset where it is. Returns how many; -1 if the
 * file has no offset, as a pipe, or cannot be read.
 */
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
 * Examines the first bytes and starts the tool of a compressed input. The first bytes of a regular
 * file stay unread, because the tool reads them from the file. Those of a pipe, and of the tool's
 * output, are kept in `head`.
 */
static int recognise_packing(struct infile *in, struct w2v_error *error)
{
    int status = W2V_OK;
    unsigned char head[UNPACK_HEAD];
    const ssize_t n = peek(in->fd, head, sizeof head);
    const struct unpack_format *format;
    in->begun = true;
    if (n < 0) /* if the file cannot be read, read_head reports it */
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
    int status = in->begun ? W2V_OK : recognise_packing(in, error);
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
    if (!in->packed)
        return UINT64_MAX;
    return in->unpack.n_taken > 0 ? in->unpack.n_taken : in->n_bytes;
}

void infile_close(struct infile *in)
{
    unpack_stop(&in->unpack);
    if (in->fd >= 0 && !in->is_standard)
        close(in->fd);
    *in = (struct infile){.fd = -1};
}
