/* A corpus with phrases. See phrase_corpus.h. */
#include "text/phrase_corpus.h"

#include "text/phrase.h"
#include "text/reword.h"

static int book_word(void *context, size_t id, struct token *word, uint64_t *count,
                     struct w2v_error *error)
{
    const struct phrase_book *book = context;
    (void)error;
    word->text = wordtable_text(&book->words, id, &word->n_bytes);
    *count = book->words.words[id].count;
    return W2V_OK;
}

int phrase_corpus(struct vocab *vocab, uint32_t *ids, size_t *n_ids,
                  const struct corpus_options *options, struct w2v_text_report *report,
                  struct w2v_error *error)
{
    struct w2v_phrase_options wanted = *options->phrases;
    struct phrase_book book = {0};
    struct phrase_text text = {.ids = ids, .n = *n_ids, .line = PHRASE_NO_LINE};
    phrase_settle(&wanted);
    int status = phrase_start(&book, vocab, error);
    if (status == W2V_OK)
        status = phrase_find(&book, &text, &wanted, options->memory / 2, &options->text, error);
    if (status == W2V_OK) {
        const struct reword words = {.n = book.words.n_words,
                                     .word = book_word,
                                     .context = &book,
                                     .rules = corpus_wanted(options),
                                     .given = options->vocab,
                                     .threads = options->text.threads};
        *n_ids = text.n;
        status = reword_ids(vocab, ids, n_ids, &words, &report->n_distinct, error);
    }
    report->n_phrases = book.n;
    report->n_joined = book.n_joined;
    report->phrase_error = book.error;
    phrase_release(&book);
    return status;
}
