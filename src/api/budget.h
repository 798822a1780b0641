/*
 * The memory that a run will use, compared with the limit. It is known once the corpus is read, and it
 * is reported and checked before training begins.
 */
#ifndef W2V_API_BUDGET_H
#define W2V_API_BUDGET_H

#include "base/limit.h"
#include "train/trainer.h"

struct budget {
    uint64_t memory;    /* the limit of this run; UINT64_MAX: none is known */
    bool asked;         /* --memory gave it; else it is half of `limit` */
    struct limit limit; /* what the process may use */
    /* In bytes: */
    uint64_t vocabulary, matrices, corpus, copy, rounds, peak;
    uint64_t start;   /* the model of --init, which is open until its rows are copied */
    uint64_t writing; /* what writing the model takes beside it */
    size_t n_ngrams;  /* buckets with a row; 0 without subwords */
    bool in_file;     /* the ids of the corpus are in a temporary file, not in memory */
};

/* Sets the limit: `wished`, or for 0 half of what the process may use. */
struct budget budget_begin(uint64_t wished);

/* W2V_ENOMEM if the limit is less than the program needs by itself. */
int budget_check(const struct budget *budget, struct w2v_error *error);

/*
 * The memory that reading the corpus may use: what the program and training leave, but at least a
 * little. UINT64_MAX: no limit is known.
 */
uint64_t budget_for_corpus(const struct budget *budget, const struct w2v_train_options *options);

/*
 * Adds up the memory of training. The caller has set `start`, before the corpus was read, and `writing`.
 * `copy` asks for a second pair of matrices for checkpoints; there is none if it does not fit. W2V_ENOMEM,
 * with an option that helps, if training does not fit.
 */
int budget_plan(struct budget *budget, const struct corpus *corpus,
                const struct w2v_train_options *options, bool copy, struct w2v_error *error);

/* The plan as a line of text. */
void budget_describe(const struct budget *budget, char *text, size_t n_bytes);

#endif
