/* Vectors as text: whole lines in memory to rows of a model, on all threads. */
#ifndef W2V_MODEL_TEXTFILE_ROWS_H
#define W2V_MODEL_TEXTFILE_ROWS_H

#include "model/textfile.h"

enum {
    TEXTFILE_STRETCH = 8 << 20, /* bytes that are taken at once */
    TEXTFILE_PIECE = 256 << 10, /* bytes that a thread takes at once */
    TEXTFILE_PIECES = TEXTFILE_STRETCH / TEXTFILE_PIECE + 1,
    TEXTFILE_TOLD = 5 /* skipped lines whose numbers are reported */
};

/* A part of a stretch, for one thread. */
struct parsed_piece {
    const char *start, *end; /* whole lines */
    size_t n_lines;
    size_t first, room;   /* the place of its first row in the stretch; how many rows it may have */
    size_t n_good, n_bad; /* lines that are rows, and lines that are not; empty ones are neither */
    const char *bad[TEXTFILE_TOLD]; /* the first lines that are not rows */
};

/* A file or a stream that is being read. */
struct text_reading {
    struct w2v_model *model;
    const char *path;
    unsigned threads;
    enum textfile_kind kind;
    bool tolerant;
    bool is_rest;                  /* this is the last line, and it has no newline */
    size_t n_promised;             /* rows that the header promises; 0: there is no header */
    size_t n_rows;                 /* so far */
    size_t n_lines;                /* so far, with the header */
    size_t n_skipped;              /* lines so far that are not rows */
    size_t skipped[TEXTFILE_TOLD]; /* line numbers of the first ones */
    struct w2v_error first_fault;  /* what is wrong with the first one */
    size_t row_capacity;           /* rows that the matrix has room for */
    size_t word_capacity;          /* words that the array has room for */
    size_t n_text, text_capacity;  /* bytes of the words */

    /* The current stretch. */
    const char *stretch;
    struct parsed_piece pieces[TEXTFILE_PIECES];
    size_t n_pieces;
    atomic_size_t next;
};

/* Whether lines begin with a word. */
static inline bool textfile_rows_have_words(const struct text_reading *r)
{
    return r->kind != TEXTFILE_NUMBERS;
}

/*
 * Takes the lines of start .. end: at most TEXTFILE_STRETCH bytes, unless a line is longer. A
 * tolerant reading that returns W2V_EFORMAT has still taken the rows before the fault.
 */
int textfile_rows_take(struct text_reading *r, const char *start, const char *end,
                       struct w2v_error *error);

/*
 * Sets the error that says what is wrong with the line at p, which lies between r->stretch and
 * `end`. Returns W2V_EFORMAT.
 */
int textfile_rows_fault(const struct text_reading *r, const char *p, const char *end,
                        struct w2v_error *error);

#endif
