/* The table of training options. See options.h. */
#include "api/options.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

/* Short names for the table below. */
enum {
    RUN = W2V_OPTION_KEPT, /* it says only how the work is done: a resumed run may change it */
    SHOWN = W2V_OPTION_KEPT | W2V_OPTION_SHOWN,
    DECIDES = W2V_OPTION_KEPT | W2V_OPTION_DECIDES,
    RESULT = SHOWN | DECIDES,
    AUTO = W2V_OPTION_AUTO,
    OF_NEGATIVES = W2V_OPTION_OF_NEGATIVES,
    OF_SUBWORDS = W2V_OPTION_OF_SUBWORDS,
    OF_GRAPH = W2V_OPTION_OF_GRAPH,
    OF_PHRASES = W2V_OPTION_OF_PHRASES,
    OF_TEXT = W2V_OPTION_OF_TEXT,
    OF_SKIPGRAM = W2V_OPTION_OF_SKIPGRAM
};

#define ROW(name, type, uses, member)                        \
    .key = (name), .kind = W2V_OPTION_##type, .use = (uses), \
    .offset = offsetof(struct w2v_train_options, member),    \
    .size = sizeof(((struct w2v_train_options *)0)->member)

/* The rows stand in the order of the training record. */
static const struct w2v_option rows[] = {
    {ROW("loss", CHOICE, RESULT, loss), .choices = "ns|hs", .fallback = "ns"},
    {ROW("model", CHOICE, RESULT, model), .choices = "sg|cbow", .fallback = "sg"},
    /* The record does not show it, since the model file itself says it. */
    {ROW("dim", COUNT, DECIDES, dim), .least = 1, .most = W2V_MAX_DIM, .fallback = "100"},
    {ROW("window", COUNT, RESULT, window), .least = 1, .most = W2V_MAX_WINDOW, .fallback = "5"},
    {ROW("fixed_window", FLAG, RESULT, fixed_window)},
    {ROW("whole_line", FLAG, RESULT, whole_line)},
    {ROW("negative", COUNT, RESULT | AUTO | OF_NEGATIVES, negative), .least = 1,
     .most = W2V_MAX_NEGATIVE, .fallback = "5"},
    {ROW("subwords", FLAG, RESULT, subwords)},
    {ROW("minn", COUNT, RESULT | OF_SUBWORDS, minn), .least = 1, .most = W2V_MAX_NGRAM,
     .fallback = "3"},
    {ROW("maxn", COUNT, RESULT | OF_SUBWORDS, maxn), .least = 1, .most = W2V_MAX_NGRAM,
     .fallback = "6"},
    {ROW("buckets", COUNT, RESULT | OF_SUBWORDS, buckets), .least = 1, .most = W2V_MAX_BUCKETS,
     .fallback = "2000000"},
    {ROW("ns_exponent", REAL, RESULT | OF_NEGATIVES, ns_exponent), .least = -W2V_MAX_NS_EXPONENT,
     .most = W2V_MAX_NS_EXPONENT, .fallback = "0.75"},
    {ROW("attract", CHOICE, RESULT | OF_SKIPGRAM, attract), .choices = "no|yes", .fallback = "no"},
    {ROW("sample", REAL, RESULT | AUTO, sample), .most = 1, .automatic = -1},
    {ROW("epochs", COUNT, SHOWN | AUTO, epochs), .least = 1, .most = W2V_MAX_EPOCHS},
    {ROW("lr", REAL, RESULT | AUTO, lr), .above = true, .most = W2V_MAX_LR},
    {ROW("min_lr", REAL, RESULT | AUTO, min_lr), .most = W2V_MAX_LR, .automatic = -1},
    {ROW("seed", COUNT, RESULT, seed), .fallback = "1"},
    {ROW("shards", COUNT, RESULT, shards), .least = 1, .most = W2V_MAX_SHARDS, .fallback = "16"},
    {ROW("tokenizer", CHOICE, RESULT, text.tokenizer), .choices = "words|whitespace|chars",
     .fallback = "words"},
    {ROW("segment", FLAG, RESULT | OF_TEXT, text.segment)},
    {ROW("fold", CHOICE, RESULT | OF_TEXT, text.fold), .choices = "lower|full|turkic|none",
     .fallback = "lower"},
    {ROW("nfkc", FLAG, RESULT | OF_TEXT, text.nfkc)},
    {ROW("hyphens", FLAG, RESULT | OF_TEXT, text.hyphens)},
    {ROW("tags", FLAG, RESULT | OF_TEXT, text.tags)},
    {ROW("emoji", FLAG, RESULT | OF_TEXT, text.emoji)},
    {ROW("any_bytes", FLAG, RUN, text.any_bytes)},
    {ROW("min_count", COUNT, RESULT, text.min_count), .fallback = "5"},
    {ROW("max_vocab", COUNT, RESULT | AUTO, text.max_vocab), .least = 1},
    {ROW("phrase_passes", COUNT, RESULT | OF_TEXT, phrases.passes), .most = W2V_MAX_PHRASE_PASSES,
     .fallback = "0"},
    {ROW("phrase_score", CHOICE, RESULT | OF_PHRASES, phrases.score), .choices = "w2v|npmi",
     .fallback = "w2v"},
    {ROW("phrase_threshold", REAL, RESULT | AUTO | OF_PHRASES, phrases.threshold), .least = -1,
     .most = 1e300, .automatic = NAN},
    {ROW("phrase_min_count", COUNT, RESULT | OF_PHRASES, phrases.min_count), .least = 1,
     .fallback = "5"},
    {ROW("graph", FLAG, RESULT | OF_GRAPH, graph)},
    {ROW("walks", COUNT, RESULT | OF_GRAPH, walk.walks), .least = 1, .most = W2V_MAX_WALKS,
     .fallback = "10"},
    {ROW("length", COUNT, RESULT | OF_GRAPH, walk.length), .least = 1, .most = W2V_MAX_WALK_LENGTH,
     .fallback = "80"},
    {ROW("p", REAL, RESULT | OF_GRAPH, walk.p), .least = 1 / W2V_MAX_WALK_BIAS,
     .most = W2V_MAX_WALK_BIAS, .fallback = "1"},
    {ROW("q", REAL, RESULT | OF_GRAPH, walk.q), .least = 1 / W2V_MAX_WALK_BIAS,
     .most = W2V_MAX_WALK_BIAS, .fallback = "1"},
    {ROW("directed", FLAG, RESULT | OF_GRAPH, walk.directed)},
    {ROW("vocab_mode", CHOICE, RESULT, vocab_mode), .choices = "new|old|union", .fallback = "new"},
    {ROW("init", FILE, DECIDES, init_path)},
    {ROW("freeze", FILE, DECIDES, freeze_path)},
    {ROW("vocab", FILE, DECIDES, vocab_path)},
    {ROW("save_vocab", FILE, 0, save_vocab_path)},
    {ROW("threads", COUNT, RUN, text.threads)},
    {ROW("memory", BYTES, RUN | AUTO, memory), .least = 1 << 20},
    {ROW("checkpoint", FILE, 0, checkpoint_path)},
    {ROW("checkpoint_every", TEXT, RUN | AUTO, checkpoint_every), .fallback = "10m"},
    {ROW("save_on_interrupt", FLAG, RUN, save_on_interrupt)},
    {ROW("save_output", FLAG, RUN, save_output)},
    {ROW("file", CHOICE, RUN | AUTO, file),
     .choices = "guess|word2vec|word2vec-plain|word2vec-text|glove|fasttext-vec|fasttext-bin|npy|"
                "safetensors|projector"},
};

enum { N_ROWS = sizeof rows / sizeof rows[0] };

const struct w2v_option *w2v_train_option(size_t i)
{
    return i < N_ROWS ? &rows[i] : NULL;
}

/* ---- Values ---- */

static uint64_t get_count(const struct w2v_train_options *options, const struct w2v_option *row)
{
    const char *at = (const char *)options + row->offset;
    uint64_t wide;
    uint32_t narrow;
    if (row->kind == W2V_OPTION_FLAG)
        return *(const bool *)at;
    if (row->size == sizeof narrow) {
        memcpy(&narrow, at, sizeof narrow);
        return narrow;
    }
    memcpy(&wide, at, sizeof wide);
    return wide;
}

/* False, with nothing set, if the member cannot hold the value. */
static bool set_count(struct w2v_train_options *options, const struct w2v_option *row,
                      uint64_t value)
{
    char *at = (char *)options + row->offset;
    const uint32_t narrow = (uint32_t)value;
    if (row->kind == W2V_OPTION_FLAG)
        *(bool *)at = value != 0;
    else if (row->size != sizeof narrow)
        memcpy(at, &value, sizeof value);
    else if (narrow == value)
        memcpy(at, &narrow, sizeof narrow);
    else
        return false;
    return true;
}

/* The n-th choice of "a|b|c", from 0, with its length in *n_bytes; NULL if there are fewer. */
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

static bool set_choice(struct w2v_train_options *options, const struct w2v_option *row,
                       const char *value)
{
    const char *choice;
    size_t n;
    for (uint64_t i = 0; (choice = choice_at(row->choices, i, &n)) != NULL; i++)
        if (strlen(value) == n && memcmp(value, choice, n) == 0)
            return set_count(options, row, i);
    return false;
}

static double get_real(const struct w2v_train_options *options, const struct w2v_option *row)
{
    double real;
    memcpy(&real, (const char *)options + row->offset, sizeof real);
    return real;
}

static void add(struct record *record, const struct w2v_train_options *options,
                const struct w2v_option *row)
{
    const char *choice, *text;
    size_t n;
    switch (row->kind) {
    case W2V_OPTION_COUNT:
    case W2V_OPTION_BYTES:
        record_add(record, row->key, "%" PRIu64, get_count(options, row));
        break;
    case W2V_OPTION_REAL:
        record_add_real(record, row->key, get_real(options, row));
        break;
    case W2V_OPTION_FLAG:
        record_add(record, row->key, "%s", get_count(options, row) ? "yes" : "no");
        break;
    case W2V_OPTION_CHOICE:
        choice = choice_at(row->choices, get_count(options, row), &n);
        if (choice != NULL)
            record_add(record, row->key, "%.*s", (int)n, choice);
        break;
    case W2V_OPTION_TEXT:
    case W2V_OPTION_FILE:
        memcpy(&text, (const char *)options + row->offset, sizeof text);
        if (text != NULL && row->kind == W2V_OPTION_FILE)
            record_add_path(record, row->key, text);
        else if (text != NULL)
            record_add(record, row->key, "%s", text);
        break;
    }
}

static bool set(struct w2v_train_options *options, const struct w2v_option *row, const char *value)
{
    uint64_t count;
    double real;
    switch (row->kind) {
    case W2V_OPTION_COUNT:
    case W2V_OPTION_BYTES:
        return number_parse_whole(value, strlen(value), &count) && set_count(options, row, count);
    case W2V_OPTION_REAL:
        if (!number_parse_double(value, strlen(value), &real) || !isfinite(real))
            return false;
        memcpy((char *)options + row->offset, &real, sizeof real);
        break;
    case W2V_OPTION_FLAG:
        return (strcmp(value, "yes") == 0 || strcmp(value, "no") == 0) &&
               set_count(options, row, value[0] == 'y');
    case W2V_OPTION_CHOICE:
        return set_choice(options, row, value);
    case W2V_OPTION_TEXT:
    case W2V_OPTION_FILE:
        memcpy((char *)options + row->offset, &value, sizeof value);
        break;
    }
    return true;
}

/* The row with this key, or NULL. */
static const struct w2v_option *find(const char *key)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (strcmp(key, rows[i].key) == 0)
            return &rows[i];
    return NULL;
}

int w2v_train_option_set(struct w2v_train_options *options, const char *key, const char *value,
                         struct w2v_error *error)
{
    const struct w2v_option *row = find(key);
    if (row == NULL)
        return error_set(error, W2V_EARG, "there is no option %s", key);
    if (value == NULL && row->kind != W2V_OPTION_TEXT && row->kind != W2V_OPTION_FILE)
        return error_set(error, W2V_EARG, "the option %s needs a value", key);
    return set(options, row, value)
               ? W2V_OK
               : error_set(error, W2V_EARG, "the option %s cannot be '%s'", key, value);
}

/* ---- Defaults and ranges ---- */

/* Gives an option its default. Counts, choices and strings that the library chooses are 0 or NULL. */
static void set_default(struct w2v_train_options *options, const struct w2v_option *row)
{
    char *at = (char *)options + row->offset;
    memset(at, 0, row->size);
    if (!(row->use & AUTO) && row->fallback != NULL)
        set(options, row, row->fallback);
    else if ((row->use & AUTO) && row->kind == W2V_OPTION_REAL)
        memcpy(at, &row->automatic, sizeof row->automatic);
}

void options_reset(struct w2v_train_options *options, const char *key)
{
    set_default(options, find(key));
}

void w2v_train_options_init(struct w2v_train_options *options)
{
    *options = (struct w2v_train_options){0};
    for (size_t i = 0; i < N_ROWS; i++)
        set_default(options, &rows[i]);
    options->walk.seed = options->seed;
}

const char *options_fallback(const char *key)
{
    return find(key)->fallback;
}

/* Spells a key as the command line does: "min_count" is --min-count. */
static void spell(const char *key, char option[32])
{
    snprintf(option, 32, "--%s",
             strcmp(key, "phrase_passes") == 0 ? "phrases"
             : strcmp(key, "file") == 0        ? "to"
                                               : key);
    for (char *c = option; *c != '\0'; c++)
        if (*c == '_')
            *c = '-';
}

/* Whether this number leaves the choice to the library. */
static bool is_automatic(const struct w2v_option *row, double value)
{
    const double automatic = row->automatic;
    return (row->use & AUTO) && (value == automatic || (value < 0 && automatic < 0) ||
                                 (isnan(value) && isnan(automatic)));
}

static int check_number(const struct w2v_option *row, double value, struct w2v_error *error)
{
    char option[32];
    if (is_automatic(row, value) || (value >= row->least && !(row->above && value == row->least) &&
                                     (row->most == 0 || value <= row->most)))
        return W2V_OK;
    spell(row->key, option);
    if (row->most == 0)
        return error_set(error, W2V_EARG, "%s %.15g: must be %.15g or more", option, value,
                         row->least);
    return error_set(error, W2V_EARG, "%s %.15g: must be %s %.15g%s %.15g", option, value,
                     row->above ? "above" : "from", row->least, row->above ? ", up to" : " to",
                     row->most);
}

static int check_choice(const struct w2v_option *row, uint64_t number, struct w2v_error *error)
{
    char option[32];
    size_t n;
    if (choice_at(row->choices, number, &n) != NULL)
        return W2V_OK;
    spell(row->key, option);
    return error_set(error, W2V_EARG, "%s has no choice number %" PRIu64, option, number);
}

static int check(const struct w2v_train_options *options, const struct w2v_option *row,
                 struct w2v_error *error)
{
    switch (row->kind) {
    case W2V_OPTION_COUNT:
    case W2V_OPTION_BYTES:
        return check_number(row, (double)get_count(options, row), error);
    case W2V_OPTION_REAL:
        return check_number(row, get_real(options, row), error);
    case W2V_OPTION_CHOICE:
        return check_choice(row, get_count(options, row), error);
    case W2V_OPTION_FLAG:
    case W2V_OPTION_TEXT:
    case W2V_OPTION_FILE:
        break;
    }
    return W2V_OK;
}

unsigned w2v_train_options_idle(const struct w2v_train_options *options)
{
    return (options->loss == W2V_NEGATIVE ? 0 : OF_NEGATIVES) |
           (options->subwords ? 0 : OF_SUBWORDS) | (options->graph ? OF_TEXT : OF_GRAPH) |
           (options->phrases.passes > 0 ? 0 : OF_PHRASES) |
           (options->model == W2V_SKIPGRAM ? 0 : OF_SKIPGRAM);
}

int options_check(const struct w2v_train_options *options, struct w2v_error *error)
{
    /* The noise distribution is made for every loss. */
    const unsigned idle = w2v_train_options_idle(options) & ~(unsigned)OF_NEGATIVES;
    int status = W2V_OK;
    for (size_t i = 0; i < N_ROWS && status == W2V_OK; i++)
        if (!(rows[i].use & idle))
            status = check(options, &rows[i], error);
    return status;
}

void options_leave_text(struct w2v_train_options *options)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (rows[i].use & OF_TEXT)
            set_default(options, &rows[i]);
}

void options_settle(struct w2v_train_options *options)
{
    const unsigned idle = w2v_train_options_idle(options);
    for (size_t i = 0; i < N_ROWS; i++)
        if (rows[i].kind == W2V_OPTION_COUNT && (rows[i].use & AUTO) && !(rows[i].use & idle) &&
            rows[i].fallback != NULL && get_count(options, &rows[i]) == 0)
            set(options, &rows[i], rows[i].fallback);
}

/* ---- Records and checkpoints ---- */

void options_add(struct record *record, const struct w2v_train_options *options,
                 enum options_part part)
{
    const unsigned wanted = part == OPTIONS_RECORD ? W2V_OPTION_SHOWN : W2V_OPTION_KEPT;
    const unsigned idle = w2v_train_options_idle(options),
                   hidden = part == OPTIONS_RECORD ? idle : idle & (unsigned)OF_GRAPH;
    for (size_t i = 0; i < N_ROWS; i++)
        if ((rows[i].use & wanted) && !(rows[i].use & hidden))
            add(record, options, &rows[i]);
}

/* The value in a record of this one option; "none" if the option has no value. */
static const char *value_in(const struct record *record, const struct w2v_option *row, int *n_bytes)
{
    const size_t n_key = strlen(row->key) + 1;
    *n_bytes = record->n_bytes > n_key ? (int)(record->n_bytes - n_key - 1) : 4;
    return record->n_bytes > n_key ? record->text + n_key : "none";
}

static int agree(const struct w2v_train_options *then, const struct w2v_train_options *now,
                 const struct w2v_option *row, const char *where, struct w2v_error *error)
{
    struct record a = {0}, b = {0};
    int status = W2V_OK, n_a, n_b;
    char option[32];
    add(&a, then, row);
    add(&b, now, row);
    const char *value_a = value_in(&a, row, &n_a), *value_b = value_in(&b, row, &n_b);
    if (a.status != W2V_OK || b.status != W2V_OK) {
        status = error_memory(error, "the options", a.n_bytes + b.n_bytes);
    } else if (n_a != n_b || memcmp(value_a, value_b, (size_t)n_a) != 0) {
        spell(row->key, option);
        status = error_set(error, W2V_EARG,
                           "%s was begun with %s %.*s, not %.*s; a run is resumed with the "
                           "options it was begun with",
                           where, option, n_a, value_a, n_b, value_b);
    }
    free(a.text);
    free(b.text);
    return status;
}

int options_agree(const struct w2v_train_options *then, const struct w2v_train_options *now,
                  const char *where, struct w2v_error *error)
{
    /* --graph comes first, because it sets other options, which the user did not write. */
    int status = agree(then, now, find("graph"), where, error);
    for (size_t i = 0; i < N_ROWS && status == W2V_OK; i++)
        if (rows[i].use & W2V_OPTION_DECIDES)
            status = agree(then, now, &rows[i], where, error);
    return status;
}
