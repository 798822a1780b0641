/*
 * What pictures are written through: an output file, whose first failure is kept and ends the
 * writing, and the ways in which words, which may hold any bytes, get into a text.
 *
 * In all of them what is not UTF-8, control characters and noncharacters become U+FFFD, so that no
 * word can end a line, a cell or an element. Numbers are written the same way whatever the locale.
 */
#ifndef W2V_DRAW_SINK_H
#define W2V_DRAW_SINK_H

#include "base/outfile.h"

struct sink {
    struct outfile *out;
    int status; /* W2V_OK so far */
    struct w2v_error *error;
};

void sink_bytes(struct sink *sink, const void *bytes, size_t n_bytes);
void sink_text(struct sink *sink, const char *text);
void sink_count(struct sink *sink, uint64_t number);

/* With so many decimals, 0 to 6; finite. */
void sink_fixed(struct sink *sink, double number, unsigned decimals);

/*
 * The next character of a word as it is written, and how many of its bytes that is; 0 at the end.
 * For those who measure what is written.
 */
size_t sink_character(const char *text, size_t n_bytes, uint32_t *cp);

/* A word of at most so many characters, "..." (one character) behind it where it is cut. */
void sink_xml(struct sink *sink, const char *text, size_t n_bytes, size_t most);
void sink_tsv(struct sink *sink, const char *text, size_t n_bytes);

/* With its quotes, and fit for a script element in HTML. */
void sink_json(struct sink *sink, const char *text, size_t n_bytes, size_t most);

/* Base64 of the bytes, in quotes. */
void sink_base64(struct sink *sink, const unsigned char *bytes, size_t n_bytes);

#endif
