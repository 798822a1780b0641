/*
 * An input read from start to end: a file, a pipe or standard input ("-"), by read(2), or lines
 * that a function of the calling program gives. An input that begins with the magic of a compressed
 * format is unpacked (unpack.h), so the caller never takes compressed bytes for data. If a
 * compressed file is cut short, the error comes only at its end; until then the caller must treat
 * all that it has read as provisional.
 */
#ifndef W2V_BASE_INFILE_H
#define W2V_BASE_INFILE_H

#include "base/file.h"
#include "base/unpack.h"

struct infile {
    const char *path; /* for messages, by infile_name; must outlive the reading */
    int fd;           /* -1: closed */
    uint64_t n_bytes; /* a regular file's size, else 0 */
    bool is_regular;
    bool is_standard;        /* it is standard input, which stays open */
    struct file_state state; /* when it was opened */
    bool begun;              /* its first bytes were examined */
    bool packed;             /* it is compressed */
    struct unpack unpack;
    unsigned char head[UNPACK_HEAD]; /* the first n_head bytes; the caller has n_given of them */
    size_t n_head, n_given;
    w2v_line_fn next_line; /* NULL: bytes come from fd; else lines come from here and fd is -1 */
    void *context;
    const char *line; /* the rest of the current line, without its line end */
    size_t n_line;
    bool in_line; /* the line end of the current line is still to come */
};

static inline bool infile_is_standard(const char *path)
{
    return path[0] == '-' && path[1] == '\0';
}

/* What messages call an input. */
static inline const char *infile_name(const char *path)
{
    return infile_is_standard(path) ? "standard input" : path;
}

/* Opens the input and reads nothing yet. A folder is an error. */
int infile_open(struct infile *in, const char *path, struct w2v_error *error);

/* Reads the lines that next_line gives and adds a line end to each. They are never compressed. */
void infile_open_lines(struct infile *in, w2v_line_fn next_line, void *context);

static inline bool infile_is_open(const struct infile *in)
{
    return in->fd >= 0 || in->next_line != NULL;
}

/* Reads n bytes, or fewer where the input ends: then *n_got < n. */
int infile_read(struct infile *in, void *bytes, size_t n, size_t *n_got, struct w2v_error *error);

/* file_unchanged, for use at the end of the input. */
int infile_unchanged(const struct infile *in, struct w2v_error *error);

/* The bytes of a regular file, as it is on disk, that have been read; 0 for other inputs. */
uint64_t infile_position(const struct infile *in);

/*
 * An upper bound of the compressed bytes that have been unpacked so far: the size of a file, or
 * what a pipe has given. UINT64_MAX if the input is not compressed.
 */
uint64_t infile_packed_bytes(const struct infile *in);

/* Closes the input and ends a tool that still runs. It may be closed already. */
void infile_close(struct infile *in);

#endif
