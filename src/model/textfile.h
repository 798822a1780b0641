/*
 * Vectors as text, a line a row: the word, then D numbers, blanks (spaces or tabs) between. The
 * last D fields are the numbers, so a word may hold blanks. word2vec, gensim and fastText (.vec)
 * begin with a line "V D"; GloVe does not, and D is then what most of the first lines have. Blanks at
 * a line's end and empty lines at the file's are passed over. Numbers are what strtof takes, and
 * finite.
 *
 * Lines are parsed on all threads, a stretch of the file at a time; nothing of the text is kept but
 * the words.
 */
#ifndef W2V_MODEL_TEXTFILE_H
#define W2V_MODEL_TEXTFILE_H

#include "model/stream.h"

/* With the line "V D", and without. */
bool textfile_recognises(const struct file_map *file);
bool textfile_recognises_plain(const struct file_map *file);

int textfile_open(struct w2v_model *model, const struct model_opening *opening,
                  struct w2v_error *error);
int textfile_open_plain(struct w2v_model *model, const struct model_opening *opening,
                        struct w2v_error *error);

/* What comes as a stream, of which the first bytes were recognised. */
int textfile_open_stream(struct w2v_model *model, const struct model_opening *opening,
                         struct stream *stream, bool with_header, struct w2v_error *error);

struct convert;
struct outfile;

/* For the table of formats to write, in convert.c: with the line "V D", and without. */
int textfile_write(struct convert *c, struct w2v_error *error);
int textfile_write_plain(struct convert *c, struct w2v_error *error);

/* The rows alone: numbers with `blank` between them, the word in front or not. */
int textfile_write_rows(struct convert *c, struct outfile *out, char blank, bool with_words,
                        struct w2v_error *error);

#endif
