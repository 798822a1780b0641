/*
 * Vectors as text, a line a row (textline.h). word2vec, gensim and fastText (.vec) begin with a line
 * "V D"; its D decides how many numbers a row has. GloVe does not, and D is then what most of the
 * first lines have. The embedding projector's lines are numbers alone with tabs between, and the
 * words are in a file beside (sidecar.h). A byte-order mark in front and empty lines are passed over;
 * the last line needs no newline, if all its numbers are there. With `tolerant`, lines that are no
 * rows are skipped and counted, and model->fault says which.
 *
 * Lines are parsed on all threads, a stretch of the file at a time; nothing of the text is kept but
 * the words.
 */
#ifndef W2V_MODEL_TEXTFILE_H
#define W2V_MODEL_TEXTFILE_H

#include "model/stream.h"

enum textfile_kind {
    TEXTFILE_NONE,
    TEXTFILE_HEADER, /* with the line "V D" */
    TEXTFILE_PLAIN,  /* without */
    TEXTFILE_NUMBERS /* the projector's */
};

/* A byte-order mark, which is no part of the text: its bytes, or 0. */
size_t textfile_mark(const struct file_map *file);

bool textfile_recognises(const struct file_map *file);
bool textfile_recognises_plain(const struct file_map *file);
bool textfile_recognises_numbers(const struct file_map *file);

int textfile_open(struct w2v_model *model, const struct model_opening *opening,
                  struct w2v_error *error);
int textfile_open_plain(struct w2v_model *model, const struct model_opening *opening,
                        struct w2v_error *error);
int textfile_open_numbers(struct w2v_model *model, const struct model_opening *opening,
                          struct w2v_error *error);

/* What comes as a stream, of which the first bytes were recognised. */
int textfile_open_stream(struct w2v_model *model, const struct model_opening *opening,
                         struct stream *stream, enum textfile_kind kind, struct w2v_error *error);

struct convert;
struct outfile;

/* For the table of formats to write, in convert.c: with the line "V D", and without. */
int textfile_write(struct convert *c, struct w2v_error *error);
int textfile_write_plain(struct convert *c, struct w2v_error *error);

/* The rows alone: numbers with `blank` between them, the word in front or not. */
int textfile_write_rows(struct convert *c, struct outfile *out, char blank, bool with_words,
                        struct w2v_error *error);

#endif
