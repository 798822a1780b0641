/* The table of options. See options.h. */
#include "api/options.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

enum kind {
    COUNT,
    REAL,
    FLAG,
    CHOICE,
    TEXT,
    PATH /* a file's name: kept as an absolute one */
};

/* What an option is for. */
enum {
    SHOWN = 1,   /* in the training record */
    DECIDES = 2, /* decides the result: a resumed run must have the same */
    RESULT = SHOWN | DECIDES,
    OF_NEGATIVES = 4, /* about negative sampling alone: not shown of a run of another loss */
    OF_SUBWORDS = 8,  /* not shown of a run without subwords */
    OF_GRAPH = 16,    /* is there only where training is on walks */
    RUN = 0           /* only how the work is done: a resumed run may change it */
};

struct row {
    const char *key;
    enum kind kind;
    int use;
    size_t offset, size;
    const char *choices; /* "sg|cbow", in the order of the enum */
};

#define OPTION(key, kind, use, member, ...)                              \
    {                                                                    \
        key, kind, use, offsetof(struct w2v_train_options, member),      \
            sizeof(((struct w2v_train_options *)0)->member), __VA_ARGS__ \
    }

static const struct row rows[] = {
    OPTION("loss", CHOICE, RESULT, loss, "ns|hs"),
    OPTION("model", CHOICE, RESULT, model, "sg|cbow"),
    OPTION("dim", COUNT, DECIDES, dim, NULL), /* the model file says it itself */
    OPTION("window", COUNT, RESULT, window, NULL),
    OPTION("fixed_window", FLAG, RESULT, fixed_window, NULL),
    OPTION("whole_line", FLAG, RESULT, whole_line, NULL),
    OPTION("negative", COUNT, RESULT | OF_NEGATIVES, negative, NULL),
    OPTION("subwords", FLAG, RESULT, subwords, NULL),
    OPTION("minn", COUNT, RESULT | OF_SUBWORDS, minn, NULL),
    OPTION("maxn", COUNT, RESULT | OF_SUBWORDS, maxn, NULL),
    OPTION("buckets", COUNT, RESULT | OF_SUBWORDS, buckets, NULL),
    OPTION("ns_exponent", REAL, RESULT | OF_NEGATIVES, ns_exponent, NULL),
    OPTION("sample", REAL, RESULT, sample, NULL),
    OPTION("epochs", COUNT, SHOWN, epochs, NULL),
    OPTION("lr", REAL, RESULT, lr, NULL),
    OPTION("min_lr", REAL, RESULT, min_lr, NULL),
    OPTION("seed", COUNT, RESULT, seed, NULL),
    OPTION("tokenizer", CHOICE, RESULT, text.tokenizer, "words|whitespace|chars"),
    OPTION("segment", FLAG, RESULT, text.segment, NULL),
    OPTION("fold", CHOICE, RESULT, text.fold, "lower|full|turkic|none"),
    OPTION("nfkc", FLAG, RESULT, text.nfkc, NULL),
    OPTION("hyphens", FLAG, RESULT, text.hyphens, NULL),
    OPTION("tags", FLAG, RESULT, text.tags, NULL),
    OPTION("emoji", FLAG, RESULT, text.emoji, NULL),
    OPTION("any_bytes", FLAG, RUN, text.any_bytes, NULL),
    OPTION("min_count", COUNT, RESULT, text.min_count, NULL),
    OPTION("max_vocab", COUNT, RESULT, text.max_vocab, NULL),
    OPTION("phrase_passes", COUNT, RESULT, phrases.passes, NULL),
    OPTION("phrase_score", CHOICE, RESULT, phrases.score, "w2v|npmi"),
    OPTION("phrase_threshold", REAL, RESULT, phrases.threshold, NULL),
    OPTION("phrase_min_count", COUNT, RESULT, phrases.min_count, NULL),
    OPTION("graph", FLAG, RESULT | OF_GRAPH, graph, NULL),
    OPTION("walks", COUNT, RESULT | OF_GRAPH, walk.walks, NULL),
    OPTION("length", COUNT, RESULT | OF_GRAPH, walk.length, NULL),
    OPTION("p", REAL, RESULT | OF_GRAPH, walk.p, NULL),
    OPTION("q", REAL, RESULT | OF_GRAPH, walk.q, NULL),
    OPTION("directed", FLAG, RESULT | OF_GRAPH, walk.directed, NULL),
    OPTION("vocab_mode", CHOICE, RESULT, vocab_mode, "new|old|union"),
    OPTION("init", PATH, DECIDES, init_path, NULL),
    OPTION("freeze", PATH, DECIDES, freeze_path, NULL),
    OPTION("vocab", PATH, DECIDES, vocab_path, NULL),
    OPTION("threads", COUNT, RUN, text.threads, NULL),
    OPTION("memory", COUNT, RUN, memory, NULL),
    OPTION("checkpoint_every", TEXT, RUN, checkpoint_every, NULL),
    OPTION("save_on_interrupt", FLAG, RUN, save_on_interrupt, NULL),
    OPTION("save_output", FLAG, RUN, save_output, NULL),
    OPTION("file", CHOICE, RUN, file,
           "guess|word2vec|word2vec-plain|word2vec-text|glove|fasttext-vec|fasttext-bin|npy|"
           "safetensors|projector"),
};

enum { N_ROWS = sizeof rows / sizeof rows[0] };

static uint64_t get_count(const struct w2v_train_options *options, const struct row *row)
{
    const char *at = (const char *)options + row->offset;
    uint64_t wide;
    uint32_t narrow;
    if (row->kind == FLAG)
        return *(const bool *)at;
    if (row->size == sizeof narrow) {
        memcpy(&narrow, at, sizeof narrow);
        return narrow;
    }
    memcpy(&wide, at, sizeof wide);
    return wide;
}

static bool set_count(struct w2v_train_options *options, const struct row *row, uint64_t value)
{
    char *at = (char *)options + row->offset;
    const uint32_t narrow = (uint32_t)value;
    if (row->kind == FLAG) {
        *(bool *)at = value != 0;
        return value <= 1;
    }
    if (row->size == sizeof narrow)
        memcpy(at, &narrow, sizeof narrow);
    else
        memcpy(at, &value, sizeof value);
    return row->size != sizeof narrow || narrow == value;
}

/* The n-th of "a|b|c", its length in *n_bytes; NULL: there are not so many. */
static const char *choice_at(const char *choices, uint64_t n, size_t *n_bytes)
{
    for (; n > 0; n--) {
        choices = strchr(choices, '|');
        if (choices == NULL)
            return NULL;
        choices++;
    }
    *n_bytes = strcspn(choices, "|");
    return choices;
}

static bool set_choice(struct w2v_train_options *options, const struct row *row, const char *value)
{
    const char *choice;
    size_t n;
    for (uint64_t i = 0; (choice = choice_at(row->choices, i, &n)) != NULL; i++)
        if (strlen(value) == n && memcmp(value, choice, n) == 0)
            return set_count(options, row, i);
    return false;
}

static void add(struct record *record, const struct w2v_train_options *options,
                const struct row *row)
{
    const char *choice, *text;
    double real;
    size_t n;
    switch (row->kind) {
    case COUNT:
        record_add(record, row->key, "%" PRIu64, get_count(options, row));
        break;
    case REAL:
        memcpy(&real, (const char *)options + row->offset, sizeof real);
        record_add_real(record, row->key, real);
        break;
    case FLAG:
        record_add(record, row->key, "%s", get_count(options, row) ? "yes" : "no");
        break;
    case CHOICE:
        choice = choice_at(row->choices, get_count(options, row), &n);
        if (choice != NULL)
            record_add(record, row->key, "%.*s", (int)n, choice);
        break;
    case TEXT:
    case PATH:
        memcpy(&text, (const char *)options + row->offset, sizeof text);
        if (text != NULL && row->kind == PATH)
            record_add_path(record, row->key, text);
        else if (text != NULL)
            record_add(record, row->key, "%s", text);
        break;
    }
}

void options_add(struct record *record, const struct w2v_train_options *options,
                 enum options_part part)
{
    const int hidden =
        (options->subwords ? 0 : OF_SUBWORDS) | (options->loss == W2V_NEGATIVE ? 0 : OF_NEGATIVES);
    for (size_t i = 0; i < N_ROWS; i++)
        if ((part == OPTIONS_ALL || ((rows[i].use & SHOWN) && !(rows[i].use & hidden))) &&
            (options->graph || !(rows[i].use & OF_GRAPH)))
            add(record, options, &rows[i]);
}

static bool set(struct w2v_train_options *options, const struct row *row, const char *value)
{
    char *end;
    double real;
    errno = 0;
    switch (row->kind) {
    case COUNT:
        if (value[0] < '0' || value[0] > '9')
            return false;
        return set_count(options, row, strtoull(value, &end, 10)) && *end == '\0' && errno == 0;
    case REAL:
        if (!number_parse_double(value, strlen(value), &real) || !isfinite(real))
            return false;
        memcpy((char *)options + row->offset, &real, sizeof real);
        break;
    case FLAG:
        return set_count(options, row, strcmp(value, "yes") == 0) &&
               (strcmp(value, "yes") == 0 || strcmp(value, "no") == 0);
    case CHOICE:
        return set_choice(options, row, value);
    case TEXT:
    case PATH:
        memcpy((char *)options + row->offset, &value, sizeof value);
        break;
    }
    return true;
}

bool options_set(struct w2v_train_options *options, const char *key, const char *value, bool *bad)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (strcmp(key, rows[i].key) == 0) {
            *bad = !set(options, &rows[i], value);
            return true;
        }
    return false;
}

/* The value in a record of that one option; "none" where it has none. */
static const char *value_in(const struct record *record, const struct row *row, int *n_bytes)
{
    const size_t n_key = strlen(row->key) + 1;
    *n_bytes = record->n_bytes > n_key ? (int)(record->n_bytes - n_key - 1) : 4;
    return record->n_bytes > n_key ? record->text + n_key : "none";
}

/* A key as the command line spells it: "min_count" is --min-count. */
static void spell(const char *key, char option[32])
{
    snprintf(option, 32, "--%s", strcmp(key, "phrase_passes") == 0 ? "phrases" : key);
    for (char *c = option; *c != '\0'; c++)
        if (*c == '_')
            *c = '-';
}

int options_agree(const struct w2v_train_options *then, const struct w2v_train_options *now,
                  const char *where, struct w2v_error *error)
{
    int status = W2V_OK, n_a, n_b;
    for (size_t i = 0; i < N_ROWS && status == W2V_OK; i++) {
        struct record a = {0}, b = {0};
        char option[32];
        if (!(rows[i].use & DECIDES) || ((rows[i].use & OF_GRAPH) && !then->graph && !now->graph))
            continue;
        add(&a, then, &rows[i]);
        add(&b, now, &rows[i]);
        const char *value_a = value_in(&a, &rows[i], &n_a), *value_b = value_in(&b, &rows[i], &n_b);
        if (a.status != W2V_OK || b.status != W2V_OK)
            status = error_memory(error, "the options", a.n_bytes + b.n_bytes);
        else if (n_a != n_b || memcmp(value_a, value_b, (size_t)n_a) != 0) {
            spell(rows[i].key, option);
            status = error_set(error, W2V_EARG,
                               "%s was begun with %s %.*s, not %.*s; a run is resumed with the "
                               "options it was begun with",
                               where, option, n_a, value_a, n_b, value_b);
        }
        free(a.text);
        free(b.text);
    }
    return status;
}
