/* Models that cannot be mapped. See stream.h. */
#include "model/stream.h"

#include <inttypes.h>
#include <string.h>

enum { STRETCH = 8 << 20, MOST_RATIO = 100, ALWAYS_ALLOWED = 64 << 20 };

bool stream_is_packed(const struct file_map *file)
{
    return unpack_recognise(file->bytes,
                            file->n_bytes < UNPACK_HEAD ? file->n_bytes : UNPACK_HEAD) != NULL;
}

int stream_open(struct stream *s, const char *path, struct w2v_error *error)
{
    *s = (struct stream){.in = {.fd = -1}};
    int status = infile_open(&s->in, path, error);
    return status == W2V_OK ? stream_fill(s, 0, error) : status;
}

void stream_release(struct stream *s)
{
    infile_close(&s->in);
    mem_unmap(&s->buffer);
}

static int grow(struct stream *s, struct w2v_error *error)
{
    const size_t n_bytes = s->buffer.n_bytes;
    return mem_remap(&s->buffer, n_bytes == 0 ? STRETCH : mem_product(n_bytes, 2), 1, "a model",
                     error);
}

int stream_fill(struct stream *s, size_t done, struct w2v_error *error)
{
    char *bytes = s->buffer.bytes;
    size_t n_got;
    if (done > 0)
        memmove(bytes, bytes + done, s->n_bytes - done);
    s->n_bytes -= done;
    int status = s->n_bytes == s->buffer.n_bytes ? grow(s, error) : W2V_OK;
    if (status != W2V_OK || s->ended)
        return status;
    bytes = s->buffer.bytes;
    const size_t n = s->buffer.n_bytes - s->n_bytes;
    status = infile_read(&s->in, bytes + s->n_bytes, n, &n_got, error);
    s->n_bytes += n_got;
    s->n_read += n_got;
    s->ended = status != W2V_OK || n_got < n;
    const uint64_t n_packed = infile_packed_bytes(&s->in);
    if (status == W2V_OK && n_packed != UINT64_MAX &&
        s->n_read / MOST_RATIO > n_packed + ALWAYS_ALLOWED / MOST_RATIO)
        status = error_set(error, W2V_EFORMAT,
                           "%s: unpacks to more than %d times its size: not a vector file",
                           s->in.path, MOST_RATIO);
    return status;
}

int stream_slurp(struct stream *s, struct mem_map *memory, struct w2v_error *error)
{
    int status = W2V_OK;
    while (status == W2V_OK && !s->ended)
        status = stream_fill(s, 0, error);
    if (status != W2V_OK && status != W2V_EFORMAT)
        return status;
    const int trimmed = mem_remap(&s->buffer, s->n_bytes, 1, "a model", error);
    if (trimmed != W2V_OK)
        return trimmed;
    *memory = s->buffer;
    s->buffer = (struct mem_map){NULL, 0};
    return status;
}
