/*
 * api/: options and facts as text. Every option comes back from its line, an option that was left
 * out of the table would not; records carry any value; options that decide the result are compared;
 * what a preset says that it sets is set.
 */
#include <stdlib.h>

#include "api/options.h"
#include "test.h"

/* No member has its default. */
static struct w2v_train_options odd_options(void)
{
    return (struct w2v_train_options){
        .text = {.tokenizer = W2V_TOKENIZER_CHARS,
                 .segment = true,
                 .fold = W2V_FOLD_TURKIC,
                 .nfkc = true,
                 .hyphens = true,
                 .tags = true,
                 .emoji = true,
                 .any_bytes = true,
                 .min_count = 7,
                 .max_vocab = 1000,
                 .threads = 3},
        .model = W2V_CBOW,
        .dim = 33,
        .window = 9,
        .fixed_window = true,
        .whole_line = true,
        .negative = 11,
        .subwords = true,
        .minn = 2,
        .maxn = 4,
        .buckets = 1000,
        .ns_exponent = -0.1,
        .sample = 1.0 / 3,
        .epochs = 12,
        .lr = 0.1,
        .min_lr = 1e-300,
        .seed = UINT64_MAX,
        .memory = (uint64_t)1 << 40,
        .vocab_path = "/a\ttab\nand \\n",
        .vocab_mode = W2V_VOCAB_UNION,
        .init_path = "/old model",
        .freeze_path = "/words",
        .save_output = true,
        .checkpoint_every = "3e",
        .save_on_interrupt = true,
        .graph = true,
        .walk = {.walks = 3, .length = 9, .p = 0.3, .q = 1.0 / 7, .directed = true},
    };
}

static void test_every_option_comes_back(void)
{
    const struct w2v_train_options odd = odd_options();
    struct w2v_train_options read;
    struct record record = {0}, again = {0};
    const char *key, *value;
    w2v_train_options_init(&read);
    options_add(&record, &odd, OPTIONS_ALL);
    CHECK(record.status == W2V_OK);
    char *text = malloc(record.n_bytes), *at = text;
    size_t n = record.n_bytes;
    memcpy(text, record.text, n);
    while (record_take(&at, &n, &key, &value)) {
        bool bad = true;
        CHECK_MSG(options_set(&read, key, value, &bad) && !bad, "%s %s", key, value);
    }
    CHECK(n == 0);
    options_add(&again, &read, OPTIONS_ALL);
    CHECK(again.n_bytes == record.n_bytes && memcmp(again.text, record.text, again.n_bytes) == 0);
    CHECK(options_agree(&odd, &read, "x", NULL) == W2V_OK);
    CHECK(read.dim == odd.dim && read.sample == odd.sample && read.min_lr == odd.min_lr);
    CHECK(read.ns_exponent == odd.ns_exponent && read.seed == odd.seed);
    CHECK(read.text.tokenizer == odd.text.tokenizer && read.text.fold == odd.text.fold);
    CHECK(read.text.nfkc && read.text.hyphens && read.text.tags && read.text.emoji);
    CHECK(read.text.any_bytes && read.fixed_window && read.whole_line);
    CHECK(read.graph && read.walk.walks == 3 && read.walk.length == 9 && read.walk.directed);
    CHECK(read.walk.p == odd.walk.p && read.walk.q == odd.walk.q);
    CHECK(read.text.min_count == 7 && read.text.max_vocab == 1000 && read.text.threads == 3);
    CHECK(read.subwords && read.minn == 2 && read.maxn == 4 && read.buckets == 1000);
    CHECK(read.memory == odd.memory && read.save_on_interrupt && read.save_output);
    CHECK(strcmp(read.vocab_path, odd.vocab_path) == 0);
    CHECK(strcmp(read.checkpoint_every, "3e") == 0 && read.vocab_mode == W2V_VOCAB_UNION);
    free(text);
    free(record.text);
    free(again.text);
}

static void test_bad_values(void)
{
    const struct {
        const char *key, *value;
    } lines[] = {{"dim", "-1"},
                 {"dim", "1x"},
                 {"window", "4294967296"},
                 {"dim", ""},
                 {"lr", "fast"},
                 {"lr", "nan"},
                 {"sample", ""},
                 {"model", "skip"},
                 {"fold", "maybe"},
                 {"model", ""},
                 {"seed", "1000000000000000000000"}};
    struct w2v_train_options options;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        bool bad = false;
        w2v_train_options_init(&options);
        CHECK_MSG(options_set(&options, lines[i].key, lines[i].value, &bad) && bad, "%s '%s'",
                  lines[i].key, lines[i].value);
    }
    bool bad = false;
    CHECK(!options_set(&options, "no_such_option", "1", &bad));
}

static void test_disagreement_is_named(void)
{
    const struct w2v_train_options then = odd_options();
    struct w2v_train_options now = then;
    struct w2v_error error;
    now.epochs++;
    now.memory++;
    now.text.threads++;
    now.save_output = false;
    CHECK(options_agree(&then, &now, "x", &error) == W2V_OK);
    now.window++;
    CHECK(options_agree(&then, &now, "FILE", &error) == W2V_EARG);
    CHECK_MSG(strstr(error.message, "FILE was begun with --window 9, not 10") != NULL, "%s",
              error.message);
    now = then;
    now.init_path = NULL;
    CHECK(options_agree(&then, &now, "FILE", &error) == W2V_EARG);
    CHECK_MSG(strstr(error.message, "init /old model, not none") != NULL, "%s", error.message);
}

static void test_record_stops_at_what_is_no_line(void)
{
    const char *const bad[] = {"", "key", "key\n", "\tvalue\n", "key\tvalue", "k\0y\tvalue\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char text[16];
        size_t n = i == 5 ? 10 : strlen(bad[i]);
        const char *key, *value;
        char *at = text;
        memcpy(text, bad[i], n);
        CHECK_MSG(!record_take(&at, &n, &key, &value), "%zu", i);
    }
}

static void expect_setting(void *context, const char *key, const char *value)
{
    char line[64];
    const struct record *record = context;
    snprintf(line, sizeof line, "\n%s\t%s\n", key, value);
    CHECK_MSG(strstr(record->text, line) != NULL, "%s is not %s", key, value);
}

static void test_presets_set_what_they_say(void)
{
    for (int preset = W2V_FOR_TEXT; preset <= W2V_FOR_GRAPH; preset++) {
        struct w2v_train_options options, others;
        struct record record = {0};
        w2v_train_options_init(&options);
        options.seed = 77;
        w2v_train_options_for(&options, (enum w2v_preset)preset, NULL, NULL);
        options_add(&record, &options, OPTIONS_ALL);
        record_add(&record, "end", "%c", '\0');
        CHECK(record.status == W2V_OK && options.seed == 77);
        w2v_train_options_init(&others);
        w2v_train_options_for(&others, (enum w2v_preset)preset, expect_setting, &record);
        free(record.text);
    }
    struct w2v_train_options text, plain;
    w2v_train_options_init(&text);
    w2v_train_options_init(&plain);
    w2v_train_options_for(&text, W2V_FOR_TEXT, NULL, NULL);
    CHECK(options_agree(&plain, &text, "x", NULL) == W2V_OK);
}

int main(void)
{
    TEST(test_presets_set_what_they_say);
    TEST(test_every_option_comes_back);
    TEST(test_bad_values);
    TEST(test_disagreement_is_named);
    TEST(test_record_stops_at_what_is_no_line);
    return test_end();
}
