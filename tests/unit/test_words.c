/* Words as people type them, and expressions. */
#include "test.h"

#include "models.h"
#include "w2v.h"

static char path[MODELS_PATH];
static struct w2v_error error;

static struct w2v_model *open_words(const char *text)
{
    struct w2v_model *model = NULL;
    models_write(path, text, strlen(text));
    CHECK_MSG(w2v_open(&model, path, &error) == W2V_OK, "%s", error.message);
    return model;
}

/* The id; -1 if the word is not found, -2 for a failure. */
static int64_t find_folded(const struct w2v_model *model, const char *word, size_t n_bytes)
{
    int64_t id;
    return w2v_find_folded(model, word, n_bytes, &id, NULL) == W2V_OK ? id : -2;
}

static void test_folded(void)
{
    struct w2v_model *model = open_words("4 1\nking 1\nKing 2\n\xc3\xa9t\xc3\xa9 3\n\xff\x41 4\n");
    CHECK(find_folded(model, "King", 4) == 1);
    CHECK(find_folded(model, "KING", 4) == 0);
    CHECK(find_folded(model, "E\xcc\x81t\xc3\x89", 6) == 2);
    CHECK(find_folded(model, "\xff\x41", 2) == 3);
    CHECK(find_folded(model, "\xff\x61", 2) == -1);
    CHECK(find_folded(model, "queen", 5) == -1);
    CHECK(find_folded(model, "", 0) == -1);
    w2v_close(model);
}

/* A typographic apostrophe is the same as a typewriter's; invisible characters do not matter. */
static void test_folding_spells_as_the_tokenizer(void)
{
    struct w2v_model *model = open_words("3 2\ndon't 1 0\nDON\xe2\x80\x99T 0 1\n\xc2\xad 1 1\n");
    struct w2v_folding *folding;
    int64_t id;
    CHECK(w2v_folding_open(&folding, model, &error) == W2V_OK);
    CHECK(w2v_folding_first(folding, 1) == 0);
    CHECK(w2v_folding_find(folding, "Don\xe2\x80\x99t", 7, &id, &error) == W2V_OK && id == 0);
    CHECK(w2v_folding_find(folding, "do\xc2\xadn't", 7, &id, &error) == W2V_OK && id == 0);
    CHECK(w2v_folding_find(folding, "\xc2\xad", 2, &id, &error) == W2V_OK && id == 2);
    CHECK(w2v_folding_find(folding, "dont", 4, &id, &error) == W2V_OK && id == -1);
    w2v_folding_close(folding);
    w2v_close(model);
}

static void test_distance(void)
{
    char long_text[64];
    memset(long_text, 'a', sizeof long_text);
    CHECK(w2v_distance("dimm", 4, "dim", 3, 4) == 1 && w2v_distance("idm", 3, "dim", 3, 3) == 1);
    CHECK(w2v_distance("", 0, "dim", 3, 5) == 3 && w2v_distance("abc", 3, "xyz", 3, 1) == 2);
    CHECK(w2v_distance(long_text, sizeof long_text, "a", 1, 5) == 6);
    CHECK(w2v_distance("abc", 3, "xyz", 3, SIZE_MAX) == 3);
    CHECK(w2v_distance(long_text, sizeof long_text, "a", 1, SIZE_MAX) > sizeof long_text);
}

/* Words are folded as the record says, else to lower case, and spelt as by the tokenizer. */
static void test_spelt_as_trained(void)
{
    static const char corpus[] = "Stra\u00DFe \u039F\u03A3 ISI don't \uFB01x";
    static const struct {
        enum w2v_fold fold;
        bool nfkc;
        const char *typed, *word;
    } cases[] = {
        {W2V_FOLD_LOWER, false, "STRA\u00DFE", "stra\u00DFe"},
        {W2V_FOLD_LOWER, false, "STRASSE", NULL},
        {W2V_FOLD_LOWER, false, "\u039F\u03A3", "\u03BF\u03C2"},
        {W2V_FOLD_LOWER, false, "don\u2019\u00ADt", "don't"},
        {W2V_FOLD_LOWER, false, "fix", NULL},
        {W2V_FOLD_LOWER, true, "\uFB01x", "fix"},
        {W2V_FOLD_FULL, false, "Stra\u00DFe", "strasse"},
        {W2V_FOLD_FULL, false, "\u039F\u03A3", "\u03BF\u03C3"},
        {W2V_FOLD_TURKIC, false, "ISI", "\u0131s\u0131"},
        {W2V_FOLD_NONE, false, "STRA\u00DFE", NULL},
        {W2V_FOLD_NONE, false, "don\u2019t", "don't"},
    };
    char text[MODELS_PATH];
    models_make_path(text);
    models_write(text, corpus, sizeof corpus - 1);
    const char *paths[] = {text};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct w2v_train_options options;
        struct w2v_model *model;
        size_t n;
        w2v_train_options_init(&options);
        options.text.min_count = 1;
        options.dim = 4;
        options.epochs = 1;
        options.text.fold = cases[i].fold;
        options.text.nfkc = cases[i].nfkc;
        CHECK_MSG(w2v_train(paths, 1, path, &options, NULL, &error) == W2V_OK, "%s", error.message);
        CHECK_MSG(w2v_open(&model, path, &error) == W2V_OK, "%s", error.message);
        const int64_t id = find_folded(model, cases[i].typed, strlen(cases[i].typed));
        const char *word = id >= 0 ? w2v_word(model, (size_t)id, &n) : NULL;
        CHECK_MSG(cases[i].word == NULL ? id == -1
                                        : word != NULL && n == strlen(cases[i].word) &&
                                              memcmp(word, cases[i].word, n) == 0,
                  "case %zu: %s", i, cases[i].typed);
        w2v_close(model);
    }
    unlink(text);
}

static void check_suggestions(const struct w2v_model *model, const char *word, const char *wanted)
{
    char got[256] = "";
    size_t ids[3], n_bytes;
    const size_t n = w2v_suggest(model, word, strlen(word), ids, 3);
    for (size_t i = 0; i < n; i++) {
        const char *other = w2v_word(model, ids[i], &n_bytes);
        snprintf(got + strlen(got), sizeof got - strlen(got), "%.*s ", (int)n_bytes, other);
    }
    CHECK_MSG(strcmp(got, wanted) == 0, "%s: %s, not %s", word, got, wanted);
}

static void test_suggest(void)
{
    struct w2v_model *model =
        open_words("9 1\nthe 1\nking 1\nkin 1\nkings 1\nking's 1\nuniversity 1\nabcd 1\n"
                   "\xe5\x8c\x97\xe4\xba\xac\xe5\xb8\x82 1\n\xc3\xa9t\xc3\xa9 1\n");
    check_suggestions(model, "kign", "king kin kings ");  /* a swap, then two */
    check_suggestions(model, "kingz", "king kings kin "); /* equally near: the frequent one first */
    check_suggestions(model, "univresiti", "university ");
    check_suggestions(model, "acbd", "abcd ");
    check_suggestions(model, "xyzzyx", "");
    check_suggestions(model, "x", "");
    check_suggestions(model, "ete", ""); /* two changes away */
    check_suggestions(model, "\xe5\x8c\x97\xe6\xb5\xb7\xe5\xb8\x82",
                      "\xe5\x8c\x97\xe4\xba\xac\xe5\xb8\x82 "); /* one character of three */
    char longest[400];
    memset(longest, 'k', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    check_suggestions(model, longest, "");
    w2v_close(model);
}

static void test_expressions(void)
{
    static const struct {
        const char *text, *terms; /* as "weight word|weight word" */
    } good[] = {
        {"king", "1 king"},
        {"king - man + woman", "1 king|-1 man|1 woman"},
        {"  - king\t+ new-york \r\n", "-1 king|1 new-york"},
        {"0.5 * king - 2 * man", "0.5 king|-2 man"},
        {"+ -1.5 * a - -2 * b", "-1.5 a|2 b"},
        {"1984 - 2001", "1 1984|-1 2001"},
        {"2 * 3", "2 3"},
        {"\"new york\" - \"+\"", "1 new york|-1 +"},
        {"\"a\\\"b\\\\c\" + c++", "1 a\"b\\c|1 c++"},
        {"a\"b + \"2\"", "1 a\"b|1 2"},
    };
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"", "column 1: an empty"},
        {" \t", "column 3: an empty"},
        {"king -", "column 7: a word is missing"},
        {"king man", "column 6: + or - is missing"},
        {"king -man", "column 6: + or - is missing"},
        {"king + - man", "column 8: a word is missing"},
        {"* king", "column 1: a word is missing"},
        {"2 * ", "column 5: a word is missing"},
        {"2 * + a", "column 5: a word is missing"},
        {"inf * a", "column 1: a weight must be finite"},
        {"a * b", "column 3: + or - is missing"},
        {"\"a", "column 1: a quote"},
        {"a - \"b\"c", "column 8: a blank"},
        {"\"\"", "column 1: an empty word"},
    };
    struct w2v_expression e;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char got[256] = "";
        CHECK_MSG(w2v_parse_expression(&e, good[i].text, strlen(good[i].text), &error) == W2V_OK,
                  "%s: %s", good[i].text, error.message);
        for (size_t t = 0; t < e.n_terms; t++)
            snprintf(got + strlen(got), sizeof got - strlen(got), "%s%g %.*s", t > 0 ? "|" : "",
                     e.terms[t].weight, (int)e.terms[t].n_bytes, e.terms[t].word);
        CHECK_MSG(strcmp(got, good[i].terms) == 0, "%s: %s", good[i].text, got);
        w2v_expression_release(&e);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        error.message[0] = '\0';
        CHECK_MSG(w2v_parse_expression(&e, bad[i].text, strlen(bad[i].text), &error) == W2V_EARG,
                  "%s", bad[i].text);
        CHECK_MSG(strncmp(error.message, bad[i].says, strlen(bad[i].says)) == 0, "%s: %s",
                  bad[i].text, error.message);
        CHECK(e.terms == NULL && e.text == NULL);
    }
}

/* The byte 0 ends no list of operators: alone between blanks it is a word. */
static void test_zero_byte_is_a_word(void)
{
    struct w2v_expression e;
    CHECK(w2v_parse_expression(&e, "king \0 man", 10, &error) == W2V_EARG);
    CHECK(w2v_parse_expression(&e, "king - \0", 8, &error) == W2V_OK);
    CHECK(e.n_terms == 2 && e.terms[1].n_bytes == 1 && e.terms[1].word[0] == '\0');
    w2v_expression_release(&e);
}

static void test_too_many_terms(void)
{
    struct w2v_expression e;
    char *text = malloc(4 * (W2V_MAX_TERMS + 1));
    for (size_t i = 0; i <= W2V_MAX_TERMS; i++)
        memcpy(text + 4 * i, "a + ", 4);
    CHECK(w2v_parse_expression(&e, text, 4 * W2V_MAX_TERMS - 3, &error) == W2V_OK);
    CHECK(e.n_terms == W2V_MAX_TERMS);
    w2v_expression_release(&e);
    CHECK(w2v_parse_expression(&e, text, 4 * W2V_MAX_TERMS + 1, &error) == W2V_EARG);
    free(text);
}

int main(void)
{
    models_make_path(path);
    TEST(test_folded);
    TEST(test_folding_spells_as_the_tokenizer);
    TEST(test_distance);
    TEST(test_spelt_as_trained);
    TEST(test_suggest);
    TEST(test_expressions);
    TEST(test_zero_byte_is_a_word);
    TEST(test_too_many_terms);
    unlink(path);
    return test_end();
}
