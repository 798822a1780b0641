/* Chunks of input. See reader.h. */
#include "text/reader.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/foreign.h"
#include "base/magic.h"
#include "base/mem.h"

int reader_init(struct reader *reader, const char *const *paths, size_t n_paths,
                const struct w2v_text_options *text, size_t chunk_bytes, struct w2v_error *error)
{
    *reader = (struct reader){.paths = paths,
                              .n_paths = n_paths,
                              .chunk_bytes = chunk_bytes,
                              .text = text,
                              .file = {.fd = -1}};
    bool known = true;
    if (text->next_line != NULL && n_paths > 0)
        return error_set(error, W2V_EARG, "both lines and files are given; give only one of them");
    for (size_t i = 0; i < n_paths; i++) {
        struct infile file = {.fd = -1};
        struct stat st;
        /* A pipe must not be opened and closed here, because its writer would notice. */
        bool pipe = !infile_is_standard(paths[i]) && stat(paths[i], &st) == 0 &&
                    (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
        int status = pipe ? W2V_OK : infile_open(&file, paths[i], error);
        if (status != W2V_OK)
            return status;
        known = known && file.is_regular;
        reader->n_total += file.n_bytes;
        infile_close(&file);
    }
    if (text->next_line != NULL)
        reader->n_paths = 1;
    if (!known || text->next_line != NULL)
        reader->n_total = 0;
    watch_start(&reader->watch, text->progress, text->progress_context, W2V_PHASE_READ,
                reader->n_total);
    if (pthread_mutex_init(&reader->lock, NULL) != 0)
        return error_set(error, W2V_ENOMEM, "cannot make a lock");
    return W2V_OK;
}

void reader_release(struct reader *reader)
{
    infile_close(&reader->file);
    free(reader->carry.text);
    pthread_mutex_destroy(&reader->lock);
    reader->carry = (struct chunk){0};
}

/* Makes room for n_bytes and TOKEN_SPARE bytes behind them. */
static int reserve_chunk(struct chunk *chunk, size_t n_bytes, struct w2v_error *error)
{
    const size_t need = n_bytes < SIZE_MAX - TOKEN_SPARE ? n_bytes + TOKEN_SPARE : SIZE_MAX;
    return mem_grow(&chunk->text, &chunk->capacity, need, 1, "a piece of text", error);
}

/* Reads until the chunk holds `wanted` bytes or the file ends. */
static int fill_chunk(struct reader *reader, struct chunk *chunk, size_t wanted, bool *ended,
                      struct w2v_error *error)
{
    size_t n = 0;
    int status = reserve_chunk(chunk, wanted, error);
    if (status != W2V_OK || chunk->n_bytes >= wanted)
        return status;
    status = infile_read(&reader->file, chunk->text + chunk->n_bytes, wanted - chunk->n_bytes, &n,
                         error);
    chunk->n_bytes += n;
    reader->n_bytes += n;
    *ended = chunk->n_bytes < wanted;
    return status;
}

/* Reads the next chunk of the open file. The chunk is empty if the file is. */
static int next_of_file(struct reader *reader, struct chunk *chunk, struct w2v_error *error)
{
    enum { MARK = 3 };
    size_t wanted = reader->chunk_bytes, cut = 0;
    bool ended = false;
    chunk->n_bytes = 0;
    if (wanted < reader->carry.n_bytes)
        wanted = reader->carry.n_bytes;
    if (wanted < MARK)
        wanted = MARK;
    int status = reserve_chunk(chunk, wanted, error);
    if (status != W2V_OK)
        return status;
    if (reader->carry.n_bytes > 0)
        memcpy(chunk->text, reader->carry.text, reader->carry.n_bytes);
    chunk->n_bytes = reader->carry.n_bytes;
    reader->carry.n_bytes = 0;
    for (;;) {
        status = fill_chunk(reader, chunk, wanted, &ended, error);
        if (status != W2V_OK)
            return status;
        if (reader->at_start && !reader->text->any_bytes)
            status = foreign_check(reader->file.path, chunk->text, chunk->n_bytes,
                                   " (--any-bytes reads it as it is)", error);
        if (status != W2V_OK)
            return status;
        if (reader->at_start && magic_mark(chunk->text, chunk->n_bytes) > 0) {
            chunk->n_bytes -= MARK;
            memmove(chunk->text, chunk->text + MARK, chunk->n_bytes);
        }
        reader->at_start = false;
        if (ended)
            break;
        cut = tokenizer_cut(chunk->text, chunk->n_bytes, reader->whole_lines);
        if (cut > 0)
            break;
        wanted = mem_product(wanted, 2);
    }
    if (!ended) {
        size_t n_left = chunk->n_bytes - cut;
        struct chunk *carry = &reader->carry;
        status = mem_grow(&carry->text, &carry->capacity, n_left, 1, "a piece of text", error);
        if (status != W2V_OK)
            return status;
        if (n_left > 0)
            memcpy(carry->text, chunk->text + cut, n_left);
        carry->n_bytes = n_left;
        chunk->n_bytes = cut;
    }
    chunk->ends_file = ended;
    return W2V_OK;
}

static int open_next(struct reader *reader, struct w2v_error *error)
{
    reader->at_start = true;
    reader->n_lines = 0;
    if (reader->text->next_line == NULL)
        return infile_open(&reader->file, reader->paths[reader->path], error);
    infile_open_lines(&reader->file, reader->text->next_line, reader->text->next_line_context);
    return W2V_OK;
}

static uint64_t count_lines(const char *text, size_t n_bytes)
{
    const char *end = text + n_bytes, *at = text;
    uint64_t n = 0;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        at++;
        n++;
    }
    return n;
}

int reader_next(struct reader *reader, struct chunk *chunk, struct w2v_error *error)
{
    int status = W2V_OK;
    pthread_mutex_lock(&reader->lock);
    chunk->n_bytes = 0;
    while (chunk->n_bytes == 0 && reader->path < reader->n_paths) {
        if (!infile_is_open(&reader->file))
            status = open_next(reader, error);
        if (status != W2V_OK)
            break;
        status = next_of_file(reader, chunk, error);
        if (status != W2V_OK)
            break;
        chunk->path = reader->file.path;
        chunk->first_line = reader->n_lines + 1;
        if (reader->whole_lines)
            reader->n_lines += count_lines(chunk->text, chunk->n_bytes);
        if (chunk->ends_file) {
            status = infile_unchanged(&reader->file, error);
            if (status != W2V_OK)
                break;
            reader->n_done += reader->file.n_bytes;
            infile_close(&reader->file);
            reader->path++;
        }
    }
    chunk->index = reader->n_chunks;
    if (status == W2V_OK && chunk->n_bytes > 0)
        reader->n_chunks++;
    pthread_mutex_unlock(&reader->lock);
    return status;
}

int reader_tell(struct reader *reader, struct w2v_error *error)
{
    if (!watch_due(&reader->watch))
        return W2V_OK;
    pthread_mutex_lock(&reader->lock);
    const uint64_t n_done =
        reader->n_total == 0 ? reader->n_bytes : reader->n_done + infile_position(&reader->file);
    pthread_mutex_unlock(&reader->lock);
    return watch_tell(&reader->watch, n_done, false, error);
}
