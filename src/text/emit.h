/*
 * Tokenized text, written in the order of the input: threads tokenize chunks, and each waits for
 * its chunk's turn to write.
 */
#ifndef W2V_TEXT_EMIT_H
#define W2V_TEXT_EMIT_H

#include "text/corpus.h"

/*
 * As w2v_tokenize in w2v.h, to an open file. options->text.threads is used as it is; of the options
 * beside `text` only chunk_bytes counts.
 */
int emit_tokens(const char *const *paths, size_t n_paths, const struct corpus_options *options,
                struct outfile *out, struct w2v_text_report *report, struct w2v_error *error);

/*
 * The same for an encoded corpus with a token "\n" for every line end (line_tokens in corpus.h), from
 * its ids.
 */
int emit_corpus(const struct corpus *corpus, struct outfile *out, struct w2v_error *error);

#endif
