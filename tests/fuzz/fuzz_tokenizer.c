/*
 * Fuzz target: the tokenizer on any bytes. The first byte chooses the size of the batches and a
 * place to cut, the second byte the rules; the rest is the text. For every text:
 *   - the batches come to an end; tokens are valid UTF-8 without separators; unchanged tokens point
 *     into the text, in order;
 *   - spelling a word or character again changes nothing, also with NFKC if the rules have it;
 *   - batches of one token give the same tokens, and so do two pieces cut by tokenizer_cut;
 *   - foreign_check and advice_look can take it, and a text with a NUL is refused.
 */
#include "base/foreign.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "text/advice.h"
#include "text/tokenizer.h"
#include "text/unicode_nfc.h"
#include "w2v.h"

enum { MAX_BATCH = 64 };

struct listing {
    char *bytes;
    size_t n_bytes, capacity;
};

static void append(struct listing *list, const char *bytes, size_t n_bytes)
{
    if (list->n_bytes + n_bytes > list->capacity) {
        list->capacity = 2 * (list->n_bytes + n_bytes);
        list->bytes = realloc(list->bytes, list->capacity);
        REQUIRE(list->bytes != NULL);
    }
    if (n_bytes > 0)
        memcpy(list->bytes + list->n_bytes, bytes, n_bytes);
    list->n_bytes += n_bytes;
}

static void check_no_white(const char *text, size_t n_bytes)
{
    uint32_t cp;
    for (size_t i = 0, n; i < n_bytes; i += n) {
        n = utf8_decode(text + i, n_bytes - i, &cp);
        REQUIRE(n > 0 && !(unicode_props(cp).flags & UNICODE_WHITE));
    }
}

static void check_token(const struct tokenizer *t, const struct token *token)
{
    struct unicode_nfc again = {0};
    struct w2v_error error;
    const char *text = token->text;
    const size_t n = token->n_bytes;
    REQUIRE(utf8_valid_prefix(text, n) == n);
    for (size_t i = 0; i < n; i++)
        REQUIRE(text[i] != 0 && text[i] != ' ' && (text[i] < '\t' || text[i] > '\r'));
    check_no_white(text, n);
    if (t->rules.kind == TOKENIZER_WHITESPACE)
        return;
    const struct unicode_spelling spelling = {t->rules.fold, t->rules.nfkc};
    REQUIRE(unicode_spell(&again, text, n, &spelling, &error) == 0);
    REQUIRE(again.n_bytes == n && memcmp(again.text, text, n) == 0);
    unicode_nfc_release(&again);
}

static void list_chunk(struct tokenizer *t, const char *text, size_t n_bytes, size_t batch,
                       struct listing *list)
{
    struct token tokens[MAX_BATCH];
    struct w2v_error error;
    const char *last = text;
    size_t n;
    tokenizer_start(t, text, n_bytes);
    for (;;) {
        REQUIRE(tokenizer_next(t, tokens, batch, &n, &error) == 0 && n <= batch);
        if (n == 0)
            break;
        for (size_t i = 0; i < n; i++) {
            const struct token *token = &tokens[i];
            check_token(t, token);
            if (!t->rules.nfkc && (uintptr_t)token->text >= (uintptr_t)text &&
                (uintptr_t)token->text < (uintptr_t)text + n_bytes) {
                REQUIRE(token->text >= last);
                REQUIRE(token->text + token->n_bytes <= text + n_bytes);
                last = token->text + token->n_bytes;
            }
            append(list, token->text, token->n_bytes);
            append(list, token->n_bytes ? " " : "\n", 1);
        }
    }
}

static void release(struct listing *list, struct tokenizer *t)
{
    free(list->bytes);
    *list = (struct listing){0};
    tokenizer_release(t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    if (n_bytes < 2)
        return 0;
    const unsigned choice = data[0];
    const struct tokenizer_rules rules = {.kind = (enum tokenizer_kind)(data[1] % 3),
                                          .fold = (enum unicode_fold)(data[1] / 3 % 4),
                                          .nfkc = data[1] / 12 % 2,
                                          .hyphens = data[1] / 24 % 2,
                                          .tags = data[1] / 48 % 2,
                                          .emoji = data[1] / 96 % 2};
    const size_t batch = 1 + choice % MAX_BATCH;
    const char *text = (const char *)data + 2;
    n_bytes -= 2;
    const bool is_text = foreign_check("x", text, n_bytes, "", NULL) == W2V_OK;
    REQUIRE(!is_text || n_bytes == 0 ||
            memchr(text, 0, n_bytes < FOREIGN_BLOCK ? n_bytes : FOREIGN_BLOCK) == NULL);
    struct advice advice = {0};
    advice_look(&advice, text, n_bytes);
    REQUIRE(advice.n_unspaced <= advice.n_words && advice.n_identifiers <= advice.n_fields &&
            advice.n_commas <= advice.n_fields);
    struct tokenizer whole, other;
    struct listing wanted = {0}, got = {0};
    struct w2v_error error;
    REQUIRE(tokenizer_init(&whole, &rules, &error) == 0);
    list_chunk(&whole, text, n_bytes, batch, &wanted);

    REQUIRE(tokenizer_init(&other, &rules, &error) == 0);
    list_chunk(&other, text, n_bytes, 1, &got);
    REQUIRE(got.n_bytes == wanted.n_bytes && other.n_invalid == whole.n_invalid);
    REQUIRE(got.n_bytes == 0 || memcmp(got.bytes, wanted.bytes, got.n_bytes) == 0);
    release(&got, &other);

    const size_t from = n_bytes ? choice * n_bytes / 256 : 0;
    const size_t cut = tokenizer_cut(text, from, choice % 2);
    REQUIRE(cut <= from);
    REQUIRE(tokenizer_init(&other, &rules, &error) == 0);
    list_chunk(&other, text, cut, batch, &got);
    list_chunk(&other, text + cut, n_bytes - cut, batch, &got);
    REQUIRE(got.n_bytes == wanted.n_bytes && other.n_invalid == whole.n_invalid);
    REQUIRE(got.n_bytes == 0 || memcmp(got.bytes, wanted.bytes, got.n_bytes) == 0);
    release(&got, &other);
    release(&wanted, &whole);
    return 0;
}
