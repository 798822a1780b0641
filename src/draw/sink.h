/*
 * Pictures are written through a sink. It keeps the first failure of its output file, and writes
 * nothing after it. It also writes words, which may hold any bytes, in the ways that each kind of
 * picture needs.
 *
 * No word can end a line, a cell or an element. In XML and JSON, bytes that are not UTF-8, control
 * characters and noncharacters become U+FFFD. In tables control characters are written as escapes
 * (base/escape.h). Numbers do not depend on the locale.
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

/* Writes a finite number with 0 to 6 decimals. */
void sink_fixed(struct sink *sink, double number, unsigned decimals);

/*
 * Sets *cp to the next character of a word, as it would be written. Returns how many bytes of the word
 * it takes, or 0 at the end. It is for callers that measure words.
 */
size_t sink_character(const char *text, size_t n_bytes, uint32_t *cp);

/* Writes a word; one of more than `most` characters is cut, with an ellipsis behind it. */
void sink_xml(struct sink *sink, const char *text, size_t n_bytes, size_t most);

/* Writes a word with the escapes of escape.h. */
void sink_tsv(struct sink *sink, const char *text, size_t n_bytes);

/* Writes a word in quotes, cut in the same way, so that it may stand in a script element of HTML. */
void sink_json(struct sink *sink, const char *text, size_t n_bytes, size_t most);

/* Writes the bytes as Base64, in quotes. */
void sink_base64(struct sink *sink, const unsigned char *bytes, size_t n_bytes);

#endif
