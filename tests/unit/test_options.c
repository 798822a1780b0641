/*
 * api/: options and facts as text. Every option comes back from its line, an option that was left
 * out of the table would not, and every member of the struct is in the table; defaults and ranges are
 * those that users rely on; records carry any value; options that decide the result are compared;
 * what a preset says that it sets is set.
 */
#include <math.h>
#include <stdlib.h>

#include "api/options.h"
#include "model/ending.h"
#include "test.h"
#include "train/schedule.h"

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
        .attract = W2V_ATTRACT_YES,
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
        CHECK_MSG(w2v_train_option_set(&read, key, value, NULL) == W2V_OK, "%s %s", key, value);
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

struct place {
    size_t offset, size;
};

#define PLACE(member)                                       \
    {                                                       \
        offsetof(struct w2v_train_options, member),         \
            sizeof(((struct w2v_train_options *)0)->member) \
    }

static int by_offset(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Members follow each other with no more between them than their alignment takes. */
static void test_every_member_is_an_option(void)
{
    enum { MOST = 128 };
    /* Callbacks, a pointer, and what w2v_phrases and w2v_walk alone use are no options. */
    static const struct place others[] = {
        PLACE(text.progress),
        PLACE(text.progress_context),
        PLACE(text.next_line),
        PLACE(resume),
        PLACE(text.next_line_context),
        PLACE(notice),
        PLACE(notice_context),
        PLACE(phrases.memory),
        PLACE(phrases.save_path),
        PLACE(phrases.apply_path),
        PLACE(walk.seed),
    };
    struct place places[MOST];
    const struct w2v_option *option;
    size_t n = sizeof others / sizeof *others, end = 0;
    memcpy(places, others, sizeof others);
    for (size_t i = 0; (option = w2v_train_option(i)) != NULL && n < MOST; i++)
        places[n++] = (struct place){option->offset, option->size};
    CHECK(option == NULL);
    qsort(places, n, sizeof *places, by_offset);
    for (size_t i = 0; i < n; i++) {
        const size_t at = places[i].offset;
        const bool begins = at == offsetof(struct w2v_train_options, phrases) ||
                            at == offsetof(struct w2v_train_options, walk);
        const size_t align = begins ? sizeof(uint64_t) : places[i].size;
        CHECK_MSG(at == (end + align - 1) / align * align, "a member at %zu, before %zu", end, at);
        end = at + places[i].size;
    }
    CHECK(sizeof(struct w2v_train_options) - end < sizeof(uint64_t));
}

static void test_keys_are_distinct(void)
{
    const struct w2v_option *a, *b;
    for (size_t i = 0; (a = w2v_train_option(i)) != NULL; i++)
        for (size_t j = 0; j < i && (b = w2v_train_option(j)) != NULL; j++)
            CHECK_MSG(strcmp(a->key, b->key) != 0, "%s", a->key);
}

/* The defaults that users rely on, and that they are in range; what is left to the library too. */
static void test_defaults(void)
{
    const struct w2v_train_options expected = {
        .text.min_count = 5,
        .dim = 100,
        .window = 5,
        .minn = 3,
        .maxn = 6,
        .buckets = 2000000,
        .ns_exponent = 0.75,
        .sample = -1,
        .min_lr = -1,
        .seed = 1,
        .shards = 16,
        .phrases = {.threshold = NAN, .min_count = 5},
        .walk = {.walks = 10, .length = 80, .p = 1, .q = 1, .seed = 1},
    };
    struct w2v_train_options options;
    struct record wanted = {0}, record = {0};
    w2v_train_options_init(&options);
    options_add(&wanted, &expected, OPTIONS_ALL);
    options_add(&record, &options, OPTIONS_ALL);
    CHECK(record.n_bytes == wanted.n_bytes &&
          memcmp(record.text, wanted.text, wanted.n_bytes) == 0);
    CHECK(options.shards == SCHEDULE_SHARDS);
    options.graph = options.subwords = true;
    options.phrases.passes = 1;
    CHECK(options_check(&options, NULL) == W2V_OK);
    w2v_walk_options_init(&options.walk);
    CHECK(options.walk.walks == 10 && options.walk.length == 80 && options.walk.seed == 1);
    w2v_text_options_init(&options.text);
    CHECK(options.text.min_count == 1 && options.text.tokenizer == W2V_TOKENIZER_WORDS);
    w2v_phrase_options_init(&options.phrases);
    CHECK(options.phrases.passes == 0 && isnan(options.phrases.threshold));
    free(wanted.text);
    free(record.text);
}

/* What is left to the library is settled before runs are compared: 0 and the default agree. */
static void test_counts_are_settled(void)
{
    struct w2v_train_options left, given;
    w2v_train_options_init(&left);
    w2v_train_options_init(&given);
    given.negative = 5;
    given.shards = 16;
    CHECK(options_agree(&given, &left, "x", NULL) == W2V_EARG);
    options_settle(&left);
    CHECK(left.negative == 5 && left.shards == 16 && left.epochs == 0 && left.text.max_vocab == 0);
    CHECK(options_agree(&given, &left, "x", NULL) == W2V_OK);
    left.loss = W2V_HIERARCHICAL;
    left.negative = 0;
    options_settle(&left);
    CHECK(left.negative == 0);
}

/* The ranges hold at their ends, and only where the option matters. */
static void test_ranges(void)
{
    const struct {
        const char *key, *in, *out, *message;
    } lines[] = {
        {"dim", "1", "0", "--dim 0: must be from 1 to 65536"},
        {"dim", "65536", "65537", "--dim 65537: must be from 1 to 65536"},
        {"negative", "0", "1001", "--negative 1001: must be from 1 to 1000"},
        {"lr", "0", "-1", "--lr -1: must be above 0, up to 1000"},
        {"sample", "-3", "1.5", "--sample 1.5: must be from 0 to 1"},
        {"ns_exponent", "-10", "-11", "--ns-exponent -11: must be from -10 to 10"},
        {"memory", "0", "1000", "--memory 1000: must be 1048576 or more"},
        {"buckets", "100000000", "100000001", "--buckets 100000001: must be from 1 to 100000000"},
        {"phrase_passes", "30", "31", "--phrases 31: must be from 0 to 30"},
    };
    struct w2v_train_options options;
    struct w2v_error error;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        w2v_train_options_init(&options);
        options.subwords = true;
        w2v_train_option_set(&options, lines[i].key, lines[i].in, NULL);
        CHECK_MSG(options_check(&options, NULL) == W2V_OK, "%s %s", lines[i].key, lines[i].in);
        w2v_train_option_set(&options, lines[i].key, lines[i].out, NULL);
        CHECK(options_check(&options, &error) == W2V_EARG);
        CHECK_MSG(strcmp(error.message, lines[i].message) == 0, "%s", error.message);
    }
    w2v_train_options_init(&options);
    options.walk.p = options.minn = 0; /* neither a graph nor subwords */
    CHECK(options_check(&options, NULL) == W2V_OK);
    options.loss = (enum w2v_loss)7;
    CHECK(options_check(&options, &error) == W2V_EARG);
    CHECK_MSG(strcmp(error.message, "--loss has no choice number 7") == 0, "%s", error.message);
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
    struct w2v_train_options options, untouched;
    struct w2v_error error;
    w2v_train_options_init(&options);
    memcpy(&untouched, &options, sizeof options);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        CHECK_MSG(w2v_train_option_set(&options, lines[i].key, lines[i].value, &error) == W2V_EARG,
                  "%s '%s'", lines[i].key, lines[i].value);
    CHECK(w2v_train_option_set(&options, "no_such_option", "1", &error) == W2V_EARG);
    CHECK_MSG(strstr(error.message, "no_such_option") != NULL, "%s", error.message);
    CHECK(memcmp(&untouched, &options, sizeof options) == 0);
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
    for (int preset = W2V_FOR_TEXT; preset <= W2V_FOR_GRAPH; preset++)
        for (int before = W2V_FOR_TEXT; before <= W2V_FOR_GRAPH; before++) {
            w2v_train_options_init(&text);
            w2v_train_options_init(&plain);
            w2v_train_options_for(&text, (enum w2v_preset)before, NULL, NULL);
            w2v_train_options_for(&text, (enum w2v_preset)preset, NULL, NULL);
            w2v_train_options_for(&plain, (enum w2v_preset)preset, NULL, NULL);
            CHECK_MSG(memcmp(&plain, &text, sizeof plain) == 0, "%d after %d", preset, before);
        }
}

static void test_null_is_taken(void)
{
    struct w2v_train_options options;
    struct w2v_lines *lines;
    w2v_train_options_init(&options);
    CHECK(w2v_train_option_set(&options, "dim", NULL, NULL) == W2V_EARG && options.dim == 100);
    CHECK(w2v_train_option_set(&options, "vocab", NULL, NULL) == W2V_OK);
    CHECK(w2v_lines_open(&lines, -1, NULL) == W2V_EIO);
    w2v_lines_close(NULL);
    w2v_close(NULL);
    w2v_output_abort(NULL);
    w2v_folding_close(NULL);
    w2v_checkpoint_close(NULL);
    w2v_expression_release(NULL);
    w2v_train_report_release(NULL);
    w2v_cluster_report_release(NULL);
    w2v_eval_report_release(NULL);
}

/* A checkpoint would silently lose a format that model/ending.c has and the table of options has not. */
static void test_every_format_is_kept(void)
{
    struct w2v_train_options options;
    struct ending ending;
    for (int file = W2V_FILE_WORD2VEC;
         ending_choose(&ending, "x", (enum w2v_file)file, NULL) == W2V_OK; file++) {
        struct record record = {0};
        char line[64];
        w2v_train_options_init(&options);
        options.file = (enum w2v_file)file;
        options_add(&record, &options, OPTIONS_ALL);
        record_add(&record, "end", "%c", '\0');
        snprintf(line, sizeof line, "\nfile\t%s\n", ending.name);
        CHECK_MSG(strstr(record.text, line) != NULL, "%s", ending.name);
        free(record.text);
    }
}

int main(void)
{
    TEST(test_every_format_is_kept);
    TEST(test_presets_set_what_they_say);
    TEST(test_null_is_taken);
    TEST(test_every_option_comes_back);
    TEST(test_every_member_is_an_option);
    TEST(test_keys_are_distinct);
    TEST(test_defaults);
    TEST(test_counts_are_settled);
    TEST(test_ranges);
    TEST(test_bad_values);
    TEST(test_disagreement_is_named);
    TEST(test_record_stops_at_what_is_no_line);
    return test_end();
}
