/*
 * A model that cannot be mapped: a compressed file, a pipe, standard input. It is read into memory
 * a stretch at a time; text is parsed as it comes, all other formats are read to the end first.
 *
 * What is unpacked may not be out of proportion to the file, so that a small one cannot fill the
 * memory: vectors do not shrink to a hundredth.
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
    uint64_t n_read; /* in all */
};

/* Whether the file must be read so; `file` is its map. */
bool stream_is_packed(const struct file_map *file);

/* Opens it and fills the buffer, whose bytes tell the format. Release also after a failure. */
int stream_open(struct stream *s, const char *path, struct w2v_error *error);
void stream_release(struct stream *s);

/*
 * Moves the bytes from `done` on to the buffer's front and fills it; where there is no room for
 * more it grows. After an error, what was read before it is in the buffer.
 */
int stream_fill(struct stream *s, size_t done, struct w2v_error *error);

/* Reads to the end, and gives the buffer away: s->n_bytes of it are the file. */
int stream_slurp(struct stream *s, struct mem_map *memory, struct w2v_error *error);

#endif
