/* Checks of a run's options and data. See check.h. */
#include "api/check.h"

#include <inttypes.h>
#include <stdlib.h>

#include "api/options.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "model/container_input.h"

int check_walks(const struct w2v_walk_options *o, struct w2v_error *error)
{
    struct w2v_train_options options;
    w2v_train_options_init(&options);
    options.graph = true;
    options.walk = *o;
    return options_check(&options, error);
}

int check_options(const struct w2v_train_options *o, struct w2v_error *error)
{
    struct w2v_train_options given = *o;
    if (o->dim == 0 && o->init_path != NULL)
        given.dim = 1; /* the model at init_path decides it later */
    const int status = options_check(&given, error);
    /* A resumed run is compared with a run that passed the checks below. */
    if (status != W2V_OK || o->resume != NULL)
        return status;
    if (o->vocab_mode != W2V_VOCAB_NEW && o->init_path == NULL)
        return error_set(error, W2V_EARG, "--vocab-mode old and union need a model: --init");
    if (o->vocab_mode == W2V_VOCAB_OLD && o->vocab_path != NULL)
        return error_set(error, W2V_EARG,
                         "--vocab-mode old takes its words from --init, not --vocab");
    if (o->subwords && o->freeze_path != NULL)
        return error_set(
            error, W2V_EARG,
            "--freeze with --subwords: no vector can stay as it starts, for other words "
            "move its n-grams; leave out one of the two");
    if (o->loss == W2V_HIERARCHICAL && o->negative > 0)
        return error_set(error, W2V_EARG,
                         "--negative %u with --loss hs: hierarchical softmax draws no negatives; "
                         "leave out one of the two",
                         o->negative);
    if (o->whole_line && o->fixed_window)
        return error_set(error, W2V_EARG,
                         "--fixed-window with --whole-line, which draws --window contexts from the "
                         "whole line; leave out one of the two");
    if (o->graph && o->phrases.passes > 0)
        return error_set(error, W2V_EARG, "--phrases joins words of a text; --graph has none");
    if (o->subwords && o->minn > o->maxn)
        return error_set(error, W2V_EARG, "--minn %u is above --maxn %u", o->minn, o->maxn);
    return o->lr > 0 ? check_rates(o, error) : W2V_OK;
}

int check_rates(const struct w2v_train_options *o, struct w2v_error *error)
{
    if (o->min_lr > o->lr)
        return error_set(error, W2V_EARG,
                         "--min-lr %g is above the first learning rate, --lr %g; lower it or "
                         "raise --lr",
                         o->min_lr, o->lr);
    return W2V_OK;
}

int check_words(const struct wordtable *words, const char *path, struct w2v_error *error)
{
    for (size_t id = 0; id < words->n_words; id++) {
        size_t n;
        const char *word = wordtable_text(words, id, &n);
        if (!container_holds(word, n))
            return error_set(error, W2V_EDATA,
                             "%s: the word \"%.*s\" holds a blank or a newline, which no word of "
                             "a word2vec file can; write it with '_', as w2v convert does",
                             path, (int)utf8_shorten(word, n, 64), word);
    }
    return W2V_OK;
}

/* Whether any line of the corpus has two words. */
static bool has_pairs(const struct corpus *corpus)
{
    for (size_t i = 0; i + 1 < corpus->n_tokens; i++)
        if (!(corpus->ids[i] & CORPUS_LINE_END))
            return true;
    return false;
}

/* No word of a given vocabulary is left. */
static int no_given_words(const struct w2v_train_options *o, bool counted, struct w2v_error *error)
{
    const uint64_t least = o->text.min_count;
    if (counted)
        return error_set(error, W2V_EDATA,
                         "every count in %s is below --min-count %" PRIu64 "; lower it",
                         o->vocab_path, least);
    if (least <= 1)
        return error_set(error, W2V_EDATA, "no word of %s occurs in the corpus; give other words",
                         o->vocab_path);
    return error_set(error, W2V_EDATA,
                     "no word of %s occurs %" PRIu64
                     " times or more in the corpus; lower --min-count or give other words",
                     o->vocab_path, least);
}

/* None of n words of the corpus is left. */
static int no_words(uint64_t n, const struct w2v_train_options *o, struct w2v_error *error)
{
    return error_set(
        error, W2V_EDATA, "%s %" PRIu64 " %s%s rarer than --min-count %" PRIu64 "; lower it or %s",
        n == 1 ? "the" : "all", n, o->graph ? "node" : "word", n == 1 ? " is" : "s are",
        o->text.min_count, o->graph ? "raise --walks" : "give more text");
}

int check_corpus(const struct corpus *corpus, const struct w2v_text_report *report,
                 const struct w2v_train_options *o, bool counted, struct w2v_error *error)
{
    if (!o->text.any_bytes && report->n_invalid_bytes > report->n_bytes / 4)
        return error_set(
            error, W2V_EDATA,
            "%" PRIu64 " of %" PRIu64 " bytes are not UTF-8, so the text is in "
            "another encoding; convert it, for example with iconv -f GB18030 -t UTF-8, "
            "or take these bytes for separators with --any-bytes",
            report->n_invalid_bytes, report->n_bytes);
    if (report->n_tokens == 0)
        return error_set(error, W2V_EDATA, "the corpus holds no words (%" PRIu64 " bytes read)",
                         report->n_bytes);
    if (corpus->vocab.n_words == 0)
        return o->vocab_path != NULL ? no_given_words(o, counted, error)
                                     : no_words(report->n_distinct, o, error);
    if (corpus->vocab.n_words == 1 && o->loss == W2V_HIERARCHICAL)
        return error_set(error, W2V_EDATA,
                         "the vocabulary is one word, which --loss hs predicts without learning "
                         "anything; give more text, a lower --min-count or --loss ns");
    if (corpus->n_tokens == 0)
        return error_set(error, W2V_EDATA, "no word of the vocabulary occurs in the corpus");
    if (!has_pairs(corpus))
        return error_set(error, W2V_EDATA,
                         "no %s two %s of the vocabulary, so there is no context to learn from; "
                         "%s, or lower --min-count",
                         o->graph ? "walk has" : "line holds", o->graph ? "nodes" : "words",
                         !o->graph            ? "put what belongs together on one line"
                         : o->walk.length < 2 ? "raise --length"
                                              : "give more edges");
    return W2V_OK;
}

int check_learned(const struct trainer *trainer, const struct w2v_train_options *o,
                  struct w2v_error *error)
{
    if (trainer->n_predictions > 0)
        return W2V_OK;
    return error_set(error, W2V_EDATA,
                     "--sample %g left no pair of words; give a larger --sample, or 0 for no "
                     "subsampling",
                     o->sample);
}

uint64_t check_unseen(const struct corpus *corpus, const struct w2v_train_options *o)
{
    if (o->vocab_path == NULL && o->vocab_mode == W2V_VOCAB_NEW)
        return 0;
    unsigned char *seen = mem_calloc(corpus->vocab.n_words, 1, "the words of the corpus", NULL);
    uint64_t n = seen != NULL ? corpus->vocab.n_words : 0;
    for (size_t i = 0; i < corpus->n_tokens && seen != NULL; i++) {
        n -= !seen[CORPUS_ID(corpus->ids[i])];
        seen[CORPUS_ID(corpus->ids[i])] = 1;
    }
    free(seen);
    return n;
}
