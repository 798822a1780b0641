/* A corpus with phrases. See phrase_corpus.h. */
#include "text/phrase_corpus.h"

#include <stdlib.h>

#include "text/phrase.h"

/* The words that are left in the text, in a table of their own: map[id] is a word's place there. */
static int keep_words(const struct wordtable *words, struct wordtable *kept, uint32_t *map,
                      struct w2v_error *error)
{
    int status = W2V_OK;
    for (size_t id = 0; id < words->n_words && status == W2V_OK; id++) {
        struct token word;
        map[id] = VOCAB_DROPPED;
        word.text = wordtable_text(words, id, &word.n_bytes);
        if (words->words[id].count > 0)
            status = wordtable_add(kept, &word, 1, words->words[id].count, &map[id], error);
    }
    return status;
}

/* The same, looked up in a vocabulary that was given. */
static void look_up(const struct wordtable *words, const struct wordtable *given, uint32_t *map)
{
    for (size_t id = 0; id < words->n_words; id++) {
        size_t n;
        const char *text = wordtable_text(words, id, &n);
        const int64_t found = wordtable_find(given, text, n);
        map[id] = found < 0 ? VOCAB_DROPPED : (uint32_t)found;
    }
}

/* Renumbers in place; how many tokens are left. */
static size_t renumber(uint32_t *ids, size_t n_tokens, const uint32_t *map)
{
    size_t n = 0;
    for (size_t i = 0; i < n_tokens; i++) {
        const uint32_t id = map[CORPUS_ID(ids[i])], end = ids[i] & CORPUS_LINE_END;
        if (id != VOCAB_DROPPED)
            ids[n++] = id | end;
        else if (end && n > 0)
            ids[n - 1] |= CORPUS_LINE_END;
    }
    return n;
}

/* The book's words to the vocabulary wanted, and the text to its ids. */
static int finish(struct corpus *corpus, const struct phrase_book *book,
                  const struct phrase_text *text, const struct corpus_options *options,
                  struct w2v_text_report *report, struct w2v_error *error)
{
    struct wordtable table = {0};
    uint32_t *final = NULL, *map = NULL;
    const size_t n_words = book->words.n_words;
    const struct vocab_rules rules = {options->text.min_count, options->text.max_vocab,
                                      options->keep, options->keep_only};
    map = mem_calloc(n_words, sizeof *map, "the vocabulary", error);
    int status = map == NULL ? W2V_ENOMEM : W2V_OK;
    if (status == W2V_OK && options->vocab != NULL)
        look_up(&book->words, options->vocab, map);
    else if (status == W2V_OK)
        status = keep_words(&book->words, &table, map, error);
    vocab_release(&corpus->vocab);
    if (status == W2V_OK)
        status = vocab_merge(&corpus->vocab, options->vocab != NULL ? options->vocab : &table, 1,
                             &rules, options->text.threads, &final, &report->n_distinct, error);
    if (status == W2V_OK) {
        for (size_t id = 0; id < n_words; id++)
            if (map[id] != VOCAB_DROPPED)
                map[id] = final[map[id]];
        corpus->n_tokens = renumber(text->ids, text->n, map);
    }
    free(final);
    free(map);
    wordtable_release(&table);
    return status;
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
    if (status == W2V_OK)
        status = finish(corpus, &book, &text, options, report, error);
    report->n_words = corpus->vocab.n_words;
    report->n_phrases = book.n;
    report->n_joined = book.n_joined;
    report->phrase_error = book.error;
    phrase_release(&book);
    return status;
}
