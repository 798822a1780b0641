/*
 * Vectors as text, a line a row (textline.h). Files of word2vec, gensim and fastText (.vec) begin
 * with a line "V D", and a row has D numbers. GloVe's files have no such line; D is then the count
 * of numbers that most of the first lines have. The embedding projector's lines have only numbers,
 * separated by tabs, and the words are in a file beside (sidecar.h).
 *
 * A byte order mark at the beginning and empty lines are ignored. The last line may lack its
 * newline if all its numbers are there. A tolerant opening skips and counts lines that are not
 * rows, and model->fault names them.
 *
 * Lines are parsed on all threads, a stretch of the file at a time. Only the words of the text are
 * kept.
 */
#ifndef W2V_MODEL_TEXTFILE_H
#define W2V_MODEL_TEXTFILE_H

#include "model/stream.h"

enum textfile_kind {
    TEXTFILE_NONE,
    TEXTFILE_HEADER, /* with the line "V D" */
    TEXTFILE_PLAIN,  /* without */
    TEXTFILE_NUMBERS /* only numbers: the projector's */
};

/* The length of the byte order mark in front of the text, or 0. */
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

/* Opens a stream whose first bytes were recognised as text of this kind. */
int textfile_open_stream(struct w2v_model *model, const struct model_opening *opening,
                         struct stream *stream, enum textfile_kind kind, struct w2v_error *error);

struct convert;
struct outfile;

/* For the table of writers in convert.c: with the line "V D", and without. */
int textfile_write(struct convert *c, struct w2v_error *error);
int textfile_write_plain(struct convert *c, struct w2v_error *error);

/* Writes the rows: the word, if wanted, and the numbers, with `blank` in between. */
int textfile_write_rows(struct convert *c, struct outfile *out, char blank, bool with_words,
                        struct w2v_error *error);

#endif
