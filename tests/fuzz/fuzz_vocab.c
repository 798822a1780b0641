/*
 * Fuzz target: the vocabulary reader on any bytes. A vocabulary that it accepts has words of at
 * least one byte, with counts of at least 1 or no counts at all. Written with counts and read
 * again, it is the same vocabulary, in falling order of the counts.
 */
#include "fuzz/fuzz.h"
#include "text/vocab.h"

static int parse(struct wordtable *table, const void *bytes, size_t n_bytes, bool *counted)
{
    struct w2v_error error;
    int status = vocab_parse(table, bytes, n_bytes, counted, "input", &error);
    REQUIRE(status == W2V_OK || (status == error.code && strncmp(error.message, "input", 5) == 0));
    return status;
}

/* Writes what vocab_write does. The caller frees it. */
static char *write_vocab(const struct vocab *vocab, size_t *n_bytes)
{
    size_t room = (size_t)vocab->offset[vocab->n_words] + 32 * vocab->n_words + 1, n = 0, n_word;
    char *text = malloc(room);
    REQUIRE(text != NULL);
    for (size_t id = 0; id < vocab->n_words; id++) {
        const char *word = vocab_word(vocab, id, &n_word);
        REQUIRE(n_word > 0 && vocab->count[id] > 0);
        REQUIRE(id == 0 || vocab->count[id] <= vocab->count[id - 1]);
        memcpy(text + n, word, n_word);
        n += n_word;
        n += (size_t)snprintf(text + n, room - n, "\t%llu\n", (unsigned long long)vocab->count[id]);
    }
    *n_bytes = n;
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct wordtable table = {0}, again = {0};
    struct vocab vocab = {0};
    uint64_t n_distinct;
    bool counted;
    if (parse(&table, data, n_bytes, &counted) == W2V_OK) {
        size_t n_text, n;
        for (size_t id = 0; id < table.n_words; id++) {
            REQUIRE((table.words[id].count > 0) == counted);
            table.words[id].count += !counted; /* a word of count 0 would not be read again */
        }
        const struct vocab_rules all = {.min_count = 1};
        REQUIRE(vocab_merge(&vocab, &table, 1, &all, 1, NULL, &n_distinct, NULL) == W2V_OK);
        REQUIRE(vocab.n_words == table.n_words && n_distinct == table.n_words);
        REQUIRE(vocab.total <= INT64_MAX);
        char *text = write_vocab(&vocab, &n_text);
        /* A byte order mark at the start of the first word would be taken for the file's. */
        const bool marked = n_text >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
        if (!marked)
            REQUIRE(parse(&again, text, n_text, &counted) == W2V_OK && counted &&
                    again.n_words == vocab.n_words);
        for (size_t id = 0; id < vocab.n_words && !marked; id++) {
            const char *word = vocab_word(&vocab, id, &n);
            REQUIRE(wordtable_find(&again, word, n) == (int64_t)id);
            REQUIRE(again.words[id].count == vocab.count[id]);
        }
        free(text);
    }
    vocab_release(&vocab);
    wordtable_release(&table);
    wordtable_release(&again);
    return 0;
}
