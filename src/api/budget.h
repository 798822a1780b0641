/*
 * What a run will take of memory, against what it may: known once the corpus is read, said and
 * checked before training begins.
 */
#ifndef W2V_API_BUDGET_H
#define W2V_API_BUDGET_H

#include "base/limit.h"
#include "train/trainer.h"

struct budget {
    uint64_t memory;    /* the most to use; UINT64_MAX: no limit is known */
    bool asked;         /* by --memory; else half of what the process may use */
    struct limit limit; /* that */
    /* In bytes: */
    uint64_t vocabulary, matrices, corpus, copy, rounds, peak;
    size_t n_ngrams; /* buckets that have a row; 0 without subwords */
    bool in_file;    /* the corpus's ids are in a temporary file, not in memory */
};

/* How much memory is to be used, by `wished` (0: half) and what the process may. */
struct budget budget_begin(uint64_t wished);

/* W2V_ENOMEM where the limit that was asked for is less than the program takes by itself. */
int budget_check(const struct budget *budget, struct w2v_error *error);

/*
 * What reading the corpus may use of it: what the program and the rounds of training leave, or a
 * little where that is less. UINT64_MAX: no limit is known.
 */
uint64_t budget_for_corpus(const struct budget *budget, size_t dim);

/*
 * Adds up what training takes; `copy`: a second pair of matrices for checkpoints, which is given up
 * where it would go too far. W2V_ENOMEM where even so it is too much, naming what would help.
 */
int budget_plan(struct budget *budget, const struct corpus *corpus,
                const struct w2v_train_options *options, bool copy, struct w2v_error *error);

/* The plan as a line of text. */
void budget_describe(const struct budget *budget, char *text, size_t n_bytes);

#endif
