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

int phrase_corpus(struct corpus *corpus, uint32_t *ids, const struct corpus_options *options,
                  struct w2v_text_report *report, struct w2v_error *error)
{
    struct w2v_phrase_options wanted = *options->phrases;
    struct phrase_book book = {0};
    struct phrase_text text = {.ids = ids, .n = corpus->n_tokens, .line = PHRASE_NO_LINE};
    int status = phrase_options(&wanted, error);
    if (status == W2V_OK)
        status = phrase_start(&book, &corpus->vocab, error);
    if (status == W2V_OK)
        status = phrase_find(&book, &text, &wanted, options->memory / 2, &options->text, error);
    if (status == W2V_OK) {
        const struct reword words = {book.words.n_words, book_word, &book};
        corpus->n_tokens = text.n;
        status = reword_corpus(corpus, ids, &words, false, options, report, error);
    }
    report->n_phrases = book.n;
    report->n_joined = book.n_joined;
    report->phrase_error = book.error;
    phrase_release(&book);
    return status;
}
