/*
 * Text written as tokens. Several threads tokenize chunks, and each waits until it is its chunk's
 * turn to be written, so the output has the order of the input.
 */
#ifndef W2V_TEXT_EMIT_H
#define W2V_TEXT_EMIT_H

#include "text/corpus.h"

/*
 * Does what w2v_tokenize in w2v.h does, to an open file. options->text.threads must not be 0. Of
 * the other options besides `text` only chunk_bytes is used.
 */
int emit_tokens(const char *const *paths, size_t n_paths, const struct corpus_options *options,
                struct outfile *out, struct w2v_text_report *report, struct w2v_error *error);

/*
 * Writes an encoded corpus that has a token "\n" for every line end (corpus_options.line_tokens).
 */
int emit_corpus(const struct corpus *corpus, struct outfile *out, struct w2v_error *error);

/* The same from ids, which have no bits for line ends. `word` gives a spelling out of `words`. */
typedef const char *(*emit_word_fn)(const void *words, size_t id, size_t *n_bytes);
int emit_ids(const uint32_t *ids, size_t n_ids, emit_word_fn word, const void *words,
             struct outfile *out, struct w2v_error *error);

#endif
