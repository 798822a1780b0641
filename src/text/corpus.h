/*
 * The encoded corpus: the text as one array of word ids (ids.h).
 *
 * encode.h reads the text once, on all threads, into tables of words and pieces of ids. This file
 * merges the tables into the vocabulary, renumbers each piece and copies it to its place in the
 * array. Words outside the vocabulary are dropped. The result depends on neither the threads nor
 * the chunks. If the ids do not fit into the memory limit, the array is a mapped temporary file.
 *
 * If words are to be found in text without spaces (text.segment), or phrases, all tokens are kept
 * at first. Then segment.h joins tokens to words, phrase_corpus.h joins words to phrases, and
 * reword.h gives the results new ids.
 */
#ifndef W2V_TEXT_CORPUS_H
#define W2V_TEXT_CORPUS_H

#include "base/mem.h"
#include "base/rng.h"
#include "text/corpus_options.h"
#include "text/ids.h"

struct corpus {
    struct vocab vocab;
    const uint32_t *ids; /* (n_tokens); NULL if there are none */
    size_t n_tokens;
    uint64_t digest;      /* of the ids, in order */
    uint64_t text_digest; /* of the files' bytes, in order; 0 if words were only counted */
    struct mem_map memory;
    bool in_file; /* `memory` is a mapped file */
};

/* The term of one token in the digest. The digest is a sum, so the order of addition is free. */
static inline uint64_t corpus_digest_of(uint32_t token, size_t place)
{
    return rng_at(token, place);
}

/*
 * The caller has used the tokens [begin, end) and will not need them for a while. If they are in a
 * file, they leave memory. The caller may pass a few tokens at a time, in order.
 */
void corpus_passed(const struct corpus *corpus, size_t begin, size_t end);

/* Begin with {0}. */
void corpus_release(struct corpus *corpus);

/* Reads the files, or the lines of options->text.next_line. options->text.threads must not be 0. */
int corpus_read(struct corpus *corpus, const char *const *paths, size_t n_paths,
                const struct corpus_options *options, struct w2v_text_report *report,
                struct w2v_error *error);

#endif
