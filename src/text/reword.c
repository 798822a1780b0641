/* From the parts' ids to the words'. See reword.h. */
#include "text/reword.h"

#include <stdlib.h>
#include <string.h>

/* The words spelt, with their counts; map[id] is a word's id in the table. */
static int spell_words(const struct vocab *vocab, const struct reword *words,
                       struct wordtable *table, uint32_t *map, struct w2v_error *error)
{
    uint32_t parts[REWORD_MOST];
    char *text = NULL;
    size_t capacity = 0;
    int status = W2V_OK;
    for (size_t id = 0; id < words->n && status == W2V_OK; id++) {
        size_t n_bytes = 0, n;
        if (words->counts[id] == 0)
            continue;
        const size_t n_parts = words->spell(words->context, id, parts);
        for (size_t i = 0; i < n_parts && status == W2V_OK; i++) {
            const char *part = vocab_word(vocab, parts[i], &n);
            status = mem_grow(&text, &capacity, n_bytes + n, 1, "the vocabulary", error);
            if (status == W2V_OK)
                memcpy(text + n_bytes, part, n);
            n_bytes += n;
        }
        const struct token word = {text, n_bytes};
        if (status == W2V_OK)
            status = wordtable_add(table, &word, 1, words->counts[id], &map[id], error);
    }
    free(text);
    return status;
}

/* The words looked up in a given vocabulary instead: map[id] is then a place in that. */
static void look_up(const struct wordtable *spelt, const struct reword *words,
                    const struct wordtable *given, uint32_t *map)
{
    for (size_t id = 0; id < words->n; id++) {
        if (words->counts[id] == 0)
            continue;
        size_t n;
        const char *text = wordtable_text(spelt, map[id], &n);
        const int64_t found = wordtable_find(given, text, n);
        map[id] = found < 0 ? VOCAB_DROPPED : (uint32_t)found;
    }
}

/* Renumbers in place; how many tokens are left. */
static size_t renumber(uint32_t *ids, size_t n_tokens, const uint32_t *map)
{
    size_t n = 0;
    for (size_t i = 0; i < n_tokens; i++) {
        if (ids[i] == REWORD_GONE)
            continue;
        const uint32_t id = map[CORPUS_ID(ids[i])], end = ids[i] & CORPUS_LINE_END;
        if (id != VOCAB_DROPPED)
            ids[n++] = id | end;
        else if (end && n > 0)
            ids[n - 1] |= CORPUS_LINE_END;
    }
    return n;
}

int reword_corpus(struct corpus *corpus, uint32_t *ids, const struct reword *words,
                  const struct corpus_options *options, struct w2v_text_report *report,
                  struct w2v_error *error)
{
    /* Phrases are found in all words, and then choose. */
    const bool last = options->phrases == NULL;
    const struct wordtable *given = last ? options->vocab : NULL;
    const struct vocab_rules all = {.min_count = 1};
    const struct vocab_rules wanted = {options->text.min_count, options->text.max_vocab,
                                       options->keep, options->keep_only};
    struct wordtable spelt = {0};
    struct vocab vocab = {0};
    uint32_t *final = NULL, *map = mem_calloc(words->n, sizeof *map, "the vocabulary", error);
    uint64_t n_distinct;
    int status = map == NULL ? W2V_ENOMEM : spell_words(&corpus->vocab, words, &spelt, map, error);
    if (status == W2V_OK && given != NULL)
        look_up(&spelt, words, given, map);
    if (status == W2V_OK)
        status = vocab_merge(&vocab, given != NULL ? given : &spelt, 1, last ? &wanted : &all,
                             options->text.threads, &final, &n_distinct, error);
    if (status == W2V_OK) {
        vocab_release(&corpus->vocab);
        corpus->vocab = vocab;
        report->n_tokens = 0;
        report->n_distinct = n_distinct;
        report->n_words = vocab.n_words;
        for (size_t id = 0; id < words->n; id++) {
            report->n_tokens += words->counts[id];
            if (words->counts[id] > 0 && map[id] != VOCAB_DROPPED)
                map[id] = final[map[id]];
        }
        corpus->n_tokens = renumber(ids, corpus->n_tokens, map);
    }
    free(final);
    free(map);
    wordtable_release(&spelt);
    return status;
}
