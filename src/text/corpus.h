/*
 * The encoded corpus: the text as one array of word ids (ids.h).
 *
 * encode.h reads the text once, on all threads, and leaves tables of words and pieces of ids. Here
 * the tables are merged into the vocabulary, and each piece is renumbered and put in its place;
 * words outside the vocabulary are dropped. The result depends on neither threads nor chunks. Where
 * the ids do not fit in the memory given, they stand in a mapped temporary file.
 *
 * Where text.segment wants words found in text without spaces, or phrases are wanted, all tokens are
 * kept at first; then segment.h joins them to words and phrase_corpus.h words to phrases, and
 * reword.h gives what was joined its ids.
 */
#ifndef W2V_TEXT_CORPUS_H
#define W2V_TEXT_CORPUS_H

#include "base/mem.h"
#include "base/rng.h"
#include "text/corpus_options.h"
#include "text/ids.h"

struct corpus {
    struct vocab vocab;
    const uint32_t *ids; /* n_tokens; NULL when there are none */
    size_t n_tokens;
    uint64_t digest;      /* of the ids, in order */
    uint64_t text_digest; /* of the files' bytes, in order; 0 where words were only counted */
    struct mem_map memory;
    bool in_file; /* the memory is a file's, mapped */
};

/* What the token at a place adds to the digest, a sum, so that it may be made in any order. */
static inline uint64_t corpus_digest_of(uint32_t token, size_t place)
{
    return rng_at(token, place);
}

/*
 * Tells that the tokens [begin, end) were gone over and will not be wanted for a while: where they
 * stand in a file they need not stay in memory. Tokens may be told of a few at a time, in order.
 */
void corpus_passed(const struct corpus *corpus, size_t begin, size_t end);

/* Begin with {0}. */
void corpus_release(struct corpus *corpus);

/* Reads the files, or the lines of options->text. options->text.threads is used as it is (not 0). */
int corpus_read(struct corpus *corpus, const char *const *paths, size_t n_paths,
                const struct corpus_options *options, struct w2v_text_report *report,
                struct w2v_error *error);

#endif
