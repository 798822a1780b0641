/*
 * An input read from start to end: a file, a pipe or standard input ("-"), by read(2), or lines that
 * the program hands over. What begins
 * with the magic of a compressed format comes out unpacked (unpack.h), so compressed bytes are
 * never taken for the data; a compressed file that is cut short is an error at its end, and the
 * caller must not have kept anything by then.
 */
#ifndef W2V_BASE_INFILE_H
#define W2V_BASE_INFILE_H

#include "base/file.h"
#include "base/unpack.h"

struct infile {
    const char *path;        /* as given; must outlive the reading */
    int fd;                  /* -1: closed */
    uint64_t n_bytes;        /* a regular file's size, else 0 */
    struct file_state state; /* as it was opened */
    bool begun;              /* the first bytes were looked at */
    bool packed;             /* they are those of a compressed file */
    struct unpack unpack;
    unsigned char head[UNPACK_HEAD]; /* first bytes, of which n_given were handed out */
    size_t n_head, n_given;
    w2v_line_fn next_line; /* where the bytes are those of lines; fd is -1 then */
    void *context;
    const char *line; /* what is left of the one at hand, and its end */
    size_t n_line;
    bool in_line;
};

static inline bool infile_is_standard(const char *path)
{
    return path[0] == '-' && path[1] == '\0';
}

/* Opens, reads nothing yet. A folder is an error. */
int infile_open(struct infile *in, const char *path, struct w2v_error *error);

/* The lines that a function gives, each with a line end behind it. They are never compressed. */
void infile_open_lines(struct infile *in, w2v_line_fn next_line, void *context);

static inline bool infile_is_open(const struct infile *in)
{
    return in->fd >= 0 || in->next_line != NULL;
}

/* Reads until there are n bytes or the input ends, *n_got < n. */
int infile_read(struct infile *in, void *bytes, size_t n, size_t *n_got, struct w2v_error *error);

/* As file_unchanged, at the end. */
int infile_unchanged(const struct infile *in, struct w2v_error *error);

/* How much of a regular file, as it is on disk, has been read; 0 for others. */
uint64_t infile_position(const struct infile *in);

/*
 * The bytes of compressed data that what was read so far came from, or more of them: the file's
 * size, or what a pipe has given. UINT64_MAX where the input is not compressed.
 */
uint64_t infile_packed_bytes(const struct infile *in);

/* Also ends a tool that still runs. Safe on a closed one. */
void infile_close(struct infile *in);

#endif
