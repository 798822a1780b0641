/* A warm start. See warm.h. */
#include "api/warm.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fpmath.h"
#include "base/utf8.h"
#include "model/model.h"
#include "text/wordlist.h"

/* The model must have the same n-grams as the run. */
static int check_subwords(const struct warm *warm, const struct w2v_train_options *o,
                          struct w2v_error *error)
{
    struct subwords s;
    if (!model_subwords(warm->model, &s))
        return error_set(error, W2V_EARG,
                         "%s has no n-grams for --subwords to start from; leave out --subwords, or "
                         "--init",
                         warm->path);
    if (model_is_pruned(warm->model))
        return error_set(error, W2V_EARG,
                         "%s is pruned: its n-grams are not all there to start from; leave out "
                         "--subwords, or --init",
                         warm->path);
    const int32_t minn = s.minn > 1 ? s.minn : 1; /* no n-gram is shorter */
    if (minn != (int32_t)o->minn || s.maxn != (int32_t)o->maxn || s.buckets != o->buckets)
        return error_set(error, W2V_EARG,
                         "%s has other n-grams; give --minn %" PRId32 " --maxn %" PRId32
                         " --buckets %" PRIu32,
                         warm->path, minn, s.maxn, s.buckets);
    return W2V_OK;
}

int warm_open(struct warm *warm, struct w2v_train_options *options, struct w2v_error *error)
{
    int status = w2v_open(&warm->model, options->init_path, error);
    if (status != W2V_OK)
        return status;
    warm->path = options->init_path;
    if (w2v_dim(warm->model) > W2V_MAX_DIM)
        return error_set(error, W2V_EDATA, "%s has %zu dimensions, and a run can have %d at most",
                         warm->path, w2v_dim(warm->model), W2V_MAX_DIM);
    if (options->dim == 0)
        options->dim = w2v_dim(warm->model);
    if (w2v_dim(warm->model) != options->dim)
        return error_set(error, W2V_EARG, "%s has %zu dimension%s, not %zu; give --dim %zu",
                         warm->path, w2v_dim(warm->model), error_s(w2v_dim(warm->model)),
                         options->dim, w2v_dim(warm->model));
    if (options->subwords) {
        status = check_subwords(warm, options, error);
        if (status != W2V_OK)
            return status;
    }
    for (size_t id = 0; options->vocab_mode != W2V_VOCAB_NEW && id < w2v_n_words(warm->model);
         id++) {
        struct token word;
        uint32_t given;
        word.text = w2v_word(warm->model, id, &word.n_bytes);
        if (word.n_bytes == 0)
            continue;
        status = wordtable_add_word(&warm->words, word.text, word.n_bytes, 0, &given, error);
        if (status != W2V_OK)
            return status;
    }
    return W2V_OK;
}

void warm_release(struct warm *warm)
{
    w2v_close(warm->model);
    wordtable_release(&warm->words);
    wordlist_release(&warm->to_freeze);
    free(warm->frozen);
    *warm = (struct warm){0};
}

static void carry(void *context, const char *key, const char *value)
{
    char prefixed[256];
    snprintf(prefixed, sizeof prefixed, "init.%s", key);
    record_add(context, prefixed, "%s", value);
}

/* Whether the trees over the model's words and over the vocabulary are the same. */
static bool same_tree(const struct w2v_model *model, const struct vocab *vocab)
{
    bool same = w2v_n_words(model) == vocab->n_words;
    for (size_t id = 0; id < vocab->n_words && same; id++) {
        size_t n, n_old;
        uint64_t count;
        const char *word = vocab_word(vocab, id, &n), *old = w2v_word(model, id, &n_old);
        same = n == n_old && memcmp(word, old, n) == 0 && w2v_count(model, id, &count) &&
               count == vocab->count[id];
    }
    return same;
}

static enum warm_output choose_output(const struct w2v_model *model, const struct vocab *vocab,
                                      enum w2v_loss loss)
{
    const size_t n_outputs = model_n_outputs(model);
    if (n_outputs == 0)
        return WARM_NONE;
    if ((n_outputs == w2v_n_words(model)) != (loss == W2V_NEGATIVE))
        return WARM_ANOTHER;
    if (loss == W2V_NEGATIVE)
        return WARM_WORDS;
    return same_tree(model, vocab) ? WARM_NODES : WARM_OTHER_TREE;
}

bool warm_has_ngrams(const struct warm *warm)
{
    struct subwords subwords;
    return model_subwords(warm->model, &subwords);
}

const char *warm_output_text(enum warm_output output)
{
    switch (output) {
    case WARM_WORDS:
    case WARM_NODES:
        return ", with its output matrix";
    case WARM_ANOTHER:
        return "; its output matrix is of another --loss and is not used";
    case WARM_OTHER_TREE:
        return "; its output matrix is not used, because these words and counts give another "
               "Huffman tree (--vocab with those of the model gives the same tree)";
    case WARM_NONE:
        break;
    }
    return "; it has no output matrix";
}

int warm_match(struct warm *warm, const struct vocab *vocab, enum w2v_loss loss,
               struct record *carried, struct w2v_error *error)
{
    for (size_t id = 0; id < vocab->n_words; id++) {
        size_t n;
        const char *word = vocab_word(vocab, id, &n);
        warm->n_matched += w2v_find(warm->model, word, n) >= 0;
    }
    warm->output = choose_output(warm->model, vocab, loss);
    record_add(carried, "init_words", "%zu", warm->n_matched);
    return w2v_info(warm->model, carry, carried, error);
}

static void freeze_words(struct warm *warm, struct wordlist *list, const struct wordtable *table)
{
    struct wordlist_entry entry;
    while (wordlist_next(list, &entry)) {
        const int64_t id =
            entry.n_bytes > 0 ? wordtable_find(table, entry.text, entry.n_bytes) : -1;
        if (id >= 0 && !warm->frozen[id]) {
            warm->frozen[id] = 1;
            warm->n_frozen++;
        } else if (id < 0) {
            warm->n_unknown += entry.n_bytes > 0;
        }
    }
}

int warm_read_frozen(struct warm *warm, const char *path, struct w2v_error *error)
{
    return wordlist_open(&warm->to_freeze, path, error);
}

int warm_freeze(struct warm *warm, const struct vocab *vocab, struct record *carried,
                struct w2v_error *error)
{
    struct wordtable table = {0};
    int status = W2V_OK;
    warm->frozen = mem_calloc(vocab->n_words, 1, "the words that stay", error);
    if (warm->frozen == NULL)
        status = W2V_ENOMEM;
    for (size_t id = 0; id < vocab->n_words && status == W2V_OK; id++) {
        struct token word;
        uint32_t given;
        word.text = vocab_word(vocab, id, &word.n_bytes);
        status = wordtable_add_word(&table, word.text, word.n_bytes, 0, &given, error);
    }
    if (status == W2V_OK) {
        freeze_words(warm, &warm->to_freeze, &table);
        record_add(carried, "frozen_words", "%zu", warm->n_frozen);
    }
    wordtable_release(&table);
    if (status == W2V_OK && warm->n_frozen == 0)
        status =
            error_set(error, W2V_EDATA,
                      "none of the words of --freeze is in the vocabulary, so none would stay");
    return status;
}

/* Copies the rows of the n-grams. A row that is zeros in the model was never trained: its initial
   values stay. */
static int warm_ngrams(const struct warm *warm, struct trainer *trainer, struct w2v_error *error)
{
    const struct compose *compose = &trainer->compose;
    const size_t dim = trainer->dim;
    int status = W2V_OK;
    float *ngram = mem_calloc(dim, sizeof *ngram, "a vector", error);
    if (ngram == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < compose->n_ngrams && status == W2V_OK; i++) {
        float *row = compose_ngram(compose, &trainer->rows, i);
        bool is_zero = true;
        if (!model_ngram(warm->model, compose->buckets[i], 0, dim, ngram))
            continue;
        for (size_t k = 0; k < dim && is_zero; k++)
            is_zero = ngram[k] == 0;
        if (!is_zero)
            memcpy(row, ngram, dim * sizeof *row);
        if (!fpmath_finite(row, dim))
            status = error_set(error, W2V_EDATA, "%s: the row of bucket %" PRIu32 " is not finite",
                               warm->path, compose->buckets[i]);
    }
    free(ngram);
    return status;
}

/* Copies an output row of the model. */
static int take_output(const struct warm *warm, size_t from, struct trainer *trainer, size_t to,
                       struct w2v_error *error)
{
    float *row = rows_master(&trainer->rows, layout_output(&trainer->rows.layout, to));
    if (!model_output(warm->model, from, row))
        return error_set(error, W2V_EFORMAT, "%s: its output matrix is damaged", warm->path);
    if (!fpmath_finite(row, trainer->dim))
        return error_set(error, W2V_EDATA, "%s: row %zu of its output matrix is not finite",
                         warm->path, from + 1);
    return W2V_OK;
}

uint64_t warm_memory(const struct warm *warm)
{
    if (warm->model == NULL)
        return 0;
    return model_memory(warm->model) +
           wordtable_bytes(warm->words.n_words, warm->words.n_text_bytes);
}

static int copy_rows(const struct warm *warm, const struct vocab *vocab, struct trainer *trainer,
                     struct w2v_error *error)
{
    const size_t n_words = vocab->n_words;
    int status = W2V_OK;
    for (size_t id = 0; warm->model != NULL && id < n_words; id++) {
        size_t n;
        const char *word = vocab_word(vocab, id, &n);
        float *in = trainer->has_subwords ? compose_part(&trainer->rows, id)
                                          : rows_master(&trainer->rows, id);
        const int64_t from = w2v_find(warm->model, word, n);
        if (from < 0)
            continue;
        if (trainer->has_subwords)
            model_own(warm->model, (size_t)from, 0, trainer->dim, in);
        else
            w2v_vector(warm->model, (size_t)from, in);
        if (warm->output == WARM_WORDS)
            status = take_output(warm, (size_t)from, trainer, id, error);
        if (status != W2V_OK)
            return status;
        if (!fpmath_finite(in, trainer->dim))
            return error_set(error, W2V_EDATA, "%s: the vector of \"%.*s\" is not finite",
                             warm->path, (int)utf8_shorten(word, n, 64), word);
    }
    for (size_t node = 0; warm->output == WARM_NODES && node + 1 < n_words; node++) {
        status = take_output(warm, node, trainer, node, error);
        if (status != W2V_OK)
            return status;
    }
    if (warm->model != NULL && trainer->has_subwords)
        status = warm_ngrams(warm, trainer, error);
    if (warm->model != NULL && status == W2V_OK)
        status = w2v_unchanged(warm->model, error);
    return status;
}

int warm_rows(struct warm *warm, const struct vocab *vocab, struct trainer *trainer,
              struct w2v_error *error)
{
    const int status = copy_rows(warm, vocab, trainer, error);
    w2v_close(warm->model);
    wordtable_release(&warm->words);
    warm->model = NULL;
    return status;
}
