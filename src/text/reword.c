/* A new vocabulary for a text of joined tokens. See reword.h. */
#include "text/reword.h"

#include <stdlib.h>

/* Enters the words that occur in a table, with their counts. map[id] is the id in the table. */
static int tabulate_words(const struct reword *words, struct wordtable *table, uint32_t *map,
                          struct w2v_error *error)
{
    int status = W2V_OK;
    for (size_t id = 0; id < words->n && status == W2V_OK; id++) {
        struct token word;
        uint64_t count;
        map[id] = VOCAB_DROPPED;
        status = words->word(words->context, id, &word, &count, error);
        if (status == W2V_OK && count > 0)
            status = wordtable_add_word(table, word.text, word.n_bytes, count, &map[id], error);
    }
    return status;
}

/* Changes the ids in `map` from those of `table` to those of the given vocabulary. */
static void map_to_given(const struct wordtable *table, const struct wordtable *given,
                         uint32_t *map, size_t n)
{
    for (size_t id = 0; id < n; id++) {
        if (map[id] == VOCAB_DROPPED)
            continue;
        size_t n_bytes;
        const char *text = wordtable_text(table, map[id], &n_bytes);
        const int64_t found = wordtable_find(given, text, n_bytes);
        map[id] = found < 0 ? VOCAB_DROPPED : (uint32_t)found;
    }
}

/* Renumbers in place. Returns how many tokens are left. */
static size_t renumber(uint32_t *ids, size_t n_tokens, const uint32_t *map)
{
    size_t n = 0;
    for (size_t i = 0; i < n_tokens; i++) {
        if (ids[i] == CORPUS_GONE)
            continue;
        const uint32_t id = map[CORPUS_ID(ids[i])], end = ids[i] & CORPUS_LINE_END;
        if (id != VOCAB_DROPPED)
            ids[n++] = id | end;
        else if (end && n > 0)
            ids[n - 1] |= CORPUS_LINE_END;
    }
    return n;
}

int reword_ids(struct vocab *vocab, uint32_t *ids, size_t *n_ids, const struct reword *words,
               uint64_t *n_distinct, struct w2v_error *error)
{
    struct wordtable table = {0};
    struct vocab chosen = {0};
    uint32_t *final = NULL, *map = mem_calloc(words->n, sizeof *map, "the vocabulary", error);
    int status = map == NULL ? W2V_ENOMEM : tabulate_words(words, &table, map, error);
    if (status == W2V_OK && words->given != NULL)
        map_to_given(&table, words->given, map, words->n);
    if (status == W2V_OK)
        status = vocab_merge(&chosen, words->given != NULL ? words->given : &table, 1,
                             &words->rules, words->threads, &final, n_distinct, error);
    if (status == W2V_OK) {
        vocab_release(vocab);
        *vocab = chosen;
        for (size_t id = 0; id < words->n; id++)
            if (map[id] != VOCAB_DROPPED)
                map[id] = final[map[id]];
        *n_ids = renumber(ids, *n_ids, map);
    }
    free(final);
    free(map);
    wordtable_release(&table);
    return status;
}
