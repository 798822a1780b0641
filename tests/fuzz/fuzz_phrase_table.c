/*
 * Fuzz target: a table of phrases from any bytes. If it is refused, the message has one line and
 * names a line of the table. Otherwise the passes are in order, no pair occurs twice in a pass, and
 * applying the table to a text of all its words loses no word.
 */
#include "fuzz/fuzz.h"
#include "text/phrase_table.h"

/* Applies the table to a text of the parts of every phrase, four phrases a line. */
static void apply(struct phrase_book *book)
{
    struct w2v_error error;
    const size_t n = 2 * book->n;
    uint32_t *ids = calloc(n + 1, sizeof *ids);
    struct phrase_text text = {.ids = ids, .n = n, .line = PHRASE_NO_LINE};
    uint64_t sum = 0;
    REQUIRE(ids != NULL);
    for (size_t i = 0; i < book->n; i++) {
        ids[2 * i] = book->phrases[i].left;
        ids[2 * i + 1] = book->phrases[i].right | (i % 4 == 3 ? CORPUS_LINE_END : 0);
        book->words.words[book->phrases[i].left].count++;
        book->words.words[book->phrases[i].right].count++;
    }
    REQUIRE(phrase_apply(book, &text, 1, &error) == W2V_OK);
    REQUIRE(text.n + book->n_joined == n);
    REQUIRE(book->n == 0 || book->n_joined > 0);
    for (size_t i = 0; i < text.n; i++) {
        struct wordtable_word *word = &book->words.words[CORPUS_ID(ids[i])];
        REQUIRE(CORPUS_ID(ids[i]) < book->words.n_words && word->count > 0);
        word->count--;
    }
    for (size_t id = 0; id < book->words.n_words; id++)
        sum += book->words.words[id].count;
    REQUIRE(sum == 0);
    free(ids);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct phrase_book book = {0};
    struct w2v_error error = {0};
    int status = phrase_table_parse(&book, "table", (const char *)data, n_bytes, &error);
    if (status != W2V_OK) {
        REQUIRE(status == W2V_EFORMAT && strncmp(error.message, "table:", 6) == 0);
        REQUIRE(error.message[6] >= '1' && error.message[6] <= '9');
    } else {
        for (size_t i = 0; i < book.n; i++) {
            const struct phrase *phrase = &book.phrases[i];
            REQUIRE(phrase->pass >= 1 && phrase->pass <= W2V_MAX_PHRASE_PASSES);
            REQUIRE(i == 0 || phrase[-1].pass <= phrase->pass);
            REQUIRE(phrase->count > 0 && phrase->score - phrase->score == 0);
            REQUIRE(phrase->word < book.words.n_words);
        }
        apply(&book);
    }
    phrase_release(&book);
    return 0;
}
