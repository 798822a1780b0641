/*
 * A model that cannot be mapped: a compressed file, a pipe, standard input. It is read into memory
 * a stretch at a time. Text is parsed while it is read; other formats are read to the end first.
 *
 * A file that unpacks to more than 64 MiB plus a hundred times its size is refused, so that a small file
 * cannot fill the memory. Vectors do not compress so well.
 */
#ifndef W2V_MODEL_STREAM_H
#define W2V_MODEL_STREAM_H

#include "base/infile.h"
#include "model/model.h"

struct stream {
    struct infile in;
    struct mem_map buffer;
    size_t n_bytes; /* in the buffer */
    bool ended;
    uint64_t n_read; /* since the beginning */
};

/* Whether the file is compressed and must be read as a stream. */
bool stream_is_packed(const struct file_map *file);

/* Opens a stream and fills its buffer, which tells the format. Release it even after an error. */
int stream_open(struct stream *s, const char *path, struct w2v_error *error);
void stream_release(struct stream *s);

/*
 * Drops the first `done` bytes of the buffer and fills it up; a full buffer grows. After an error,
 * the buffer has what was read before.
 */
int stream_fill(struct stream *s, size_t done, struct w2v_error *error);

/*
 * Reads to the end and moves the buffer to *memory. Its first s->n_bytes bytes are the file. W2V_EFORMAT:
 * the compressed file is damaged, and these bytes are those before the damage.
 */
int stream_slurp(struct stream *s, struct mem_map *memory, struct w2v_error *error);

#endif
