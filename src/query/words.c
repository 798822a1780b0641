/*
 * Words as people type them: looking them up folded if they are not found as given, lists of words,
 * and the nearest spellings of words that are not found. The distance of two spellings counts
 * insertions, deletions, changes and swaps of neighbouring characters (Damerau 1964, "A technique
 * for computer detection and correction of spelling errors"). Equally near words come in the
 * model's order.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "query/folding.h"
#include "text/wordlist.h"

/* How the words of a model are spelt. */
struct spelling_record {
    struct unicode_spelling spelling; /* for typed words: never without folding */
    bool folds, between_blanks;       /* tokens between blanks are not folded */
};

static void take_spelling(void *context, const char *key, const char *value)
{
    struct spelling_record *record = context;
    if (strcmp(key, "fold") == 0) {
        record->folds = strcmp(value, "none") != 0;
        record->spelling.fold = strcmp(value, "full") == 0     ? UNICODE_FOLD_FULL
                                : strcmp(value, "turkic") == 0 ? UNICODE_FOLD_TURKIC
                                                               : UNICODE_FOLD_LOWER;
    } else if (strcmp(key, "nfkc") == 0) {
        record->spelling.compatible = strcmp(value, "yes") == 0;
    } else if (strcmp(key, "tokenizer") == 0) {
        record->between_blanks = strcmp(value, "whitespace") == 0;
    }
}

/*
 * Reads the training record of a model. If it does not say how words are spelt, or if words were not
 * folded, a typed word is folded to lower case, which most models have.
 */
static int read_record(const struct w2v_model *model, struct spelling_record *record,
                       struct w2v_error *error)
{
    *record = (struct spelling_record){.spelling = {.fold = UNICODE_FOLD_LOWER}};
    return model->is_container ? w2v_info(model, take_spelling, record, error) : W2V_OK;
}

int w2v_find_folded(const struct w2v_model *model, const char *word, size_t n_bytes, int64_t *id,
                    struct w2v_error *error)
{
    struct unicode_nfc folded = {0};
    struct spelling_record record;
    *id = w2v_find(model, word, n_bytes);
    if (*id >= 0 || utf8_valid_prefix(word, n_bytes) != n_bytes)
        return W2V_OK;
    int status = read_record(model, &record, error);
    if (status == W2V_OK)
        status = unicode_spell(&folded, word, n_bytes, &record.spelling, error);
    if (status == W2V_OK)
        *id = w2v_find(model, folded.text, folded.n_bytes);
    unicode_nfc_release(&folded);
    return status;
}

bool w2v_vector_folded(const struct w2v_model *model, const char *word, size_t n_bytes,
                       float *vector)
{
    struct unicode_nfc folded = {0};
    struct spelling_record record;
    struct w2v_error error;
    bool made = false;
    int64_t id;
    if (w2v_find_folded(model, word, n_bytes, &id, &error) == W2V_OK && id >= 0) {
        w2v_vector(model, (size_t)id, vector);
        return true;
    }
    if (read_record(model, &record, &error) != W2V_OK)
        return false;
    if (!record.folds || record.between_blanks || utf8_valid_prefix(word, n_bytes) < n_bytes)
        return w2v_vector_of(model, word, n_bytes, vector);
    if (unicode_spell(&folded, word, n_bytes, &record.spelling, NULL) == W2V_OK)
        made = w2v_vector_of(model, folded.text, folded.n_bytes, vector);
    unicode_nfc_release(&folded);
    return made;
}

/* ---- Lists ---- */

int w2v_find_list(const struct w2v_model *model, const char *path,
                  const struct w2v_folding *folding, size_t **ids, size_t *n, uint64_t *n_unknown,
                  struct w2v_error *error)
{
    struct wordlist list;
    struct wordlist_entry entry;
    size_t capacity = 0;
    *ids = NULL;
    *n = 0;
    *n_unknown = 0;
    int status = wordlist_open(&list, path, error);
    if (status != W2V_OK)
        return status;
    status = mem_grow(ids, &capacity, 1, sizeof **ids, "a list of words", error);
    while (status == W2V_OK && wordlist_next(&list, &entry)) {
        if (entry.n_bytes == 0)
            continue;
        int64_t id = -1;
        if (folding != NULL)
            status = w2v_folding_find(folding, entry.text, entry.n_bytes, &id, error);
        else
            id = w2v_find(model, entry.text, entry.n_bytes);
        *n_unknown += status == W2V_OK && id < 0;
        if (id < 0)
            continue;
        status = mem_grow(ids, &capacity, *n + 1, sizeof **ids, "a list of words", error);
        if (status == W2V_OK)
            (*ids)[(*n)++] = (size_t)id;
    }
    wordlist_release(&list);
    if (status != W2V_OK) {
        free(*ids);
        *ids = NULL;
        *n = 0;
    }
    return status;
}

/* ---- Nearest spellings ---- */

enum { MAX_CHARS = 48 };

struct characters {
    uint32_t chars[MAX_CHARS];
    size_t n;
};

/* Splits a word into characters. A byte that is not UTF-8 counts as one. False: over MAX_CHARS. */
static bool spell(struct characters *spelling, const char *word, size_t n_bytes)
{
    spelling->n = 0;
    for (size_t i = 0, step; i < n_bytes; i += step) {
        uint32_t cp;
        if (spelling->n == MAX_CHARS)
            return false;
        step = utf8_decode(word + i, n_bytes - i, &cp);
        if (step == 0) {
            cp = 0x110000u + (unsigned char)word[i];
            step = 1;
        }
        spelling->chars[spelling->n++] = cp;
    }
    return true;
}

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The distance, or most + 1 if it is more than `most`. */
static size_t distance(const struct characters *a, const struct characters *b, size_t most)
{
    size_t rows[3][MAX_CHARS + 1];
    if ((a->n > b->n ? a->n - b->n : b->n - a->n) > most)
        return most + 1;
    for (size_t j = 0; j <= b->n; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a->n; i++) {
        size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        size_t best = i;
        now[0] = i;
        for (size_t j = 1; j <= b->n; j++) {
            const bool same = a->chars[i - 1] == b->chars[j - 1];
            now[j] = least_of(before[j - 1] + !same, least_of(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a->chars[i - 1] == b->chars[j - 2] &&
                a->chars[i - 2] == b->chars[j - 1])
                now[j] = least_of(now[j], earlier[j - 2] + 1);
            best = least_of(best, now[j]);
        }
        if (best > most + 1) /* a swap skips one row, so that row may be at most + 1 */
            return most + 1;
    }
    return least_of(rows[a->n % 3][b->n], most + 1);
}

size_t w2v_distance(const char *a, size_t n_a, const char *b, size_t n_b, size_t most)
{
    struct characters x, y;
    most = least_of(most, SIZE_MAX - 1); /* so that there is a larger number */
    return spell(&x, a, n_a) && spell(&y, b, n_b) ? distance(&x, &y, most) : most + 1;
}

size_t w2v_suggest(const struct w2v_model *model, const char *word, size_t n_bytes, size_t *ids,
                   size_t n)
{
    struct characters typed, other;
    size_t n_found = 0, distances[W2V_MAX_SUGGESTIONS];
    if (n > W2V_MAX_SUGGESTIONS)
        n = W2V_MAX_SUGGESTIONS;
    if (n == 0 || !spell(&typed, word, n_bytes) || typed.n < 2)
        return 0;
    const size_t most = typed.n < 4 ? 1 : typed.n < 8 ? 2 : 3;
    for (size_t id = 0; id < model->n_words; id++) {
        size_t n_other;
        const char *bytes = w2v_word(model, id, &n_other);
        /* A character has at most four bytes. */
        if (n_other + most < typed.n || n_other > 4 * (typed.n + most) ||
            !spell(&other, bytes, n_other))
            continue;
        const size_t d = distance(&typed, &other, most);
        if (d > most || (n_found == n && d >= distances[n - 1]))
            continue;
        size_t place = n_found < n ? n_found++ : n - 1;
        for (; place > 0 && distances[place - 1] > d; place--) {
            distances[place] = distances[place - 1];
            ids[place] = ids[place - 1];
        }
        distances[place] = d;
        ids[place] = id;
    }
    return n_found;
}
