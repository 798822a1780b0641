/*
 * The two matrices while several shards train on them, without a race and with the same result for
 * any number of threads.
 *
 * In a round each shard trains its own plan. A row that a single shard touches is trained in place.
 * A contested row, touched by several, is left alone meanwhile: each of its shards trains a copy,
 * and after the round the row moves by the sum of the copies' differences, added in the order of
 * the shards. Between two rounds each owner (layout.h) looks after its own rows.
 *
 *     rows_claim(round 0), each owner                 | barrier
 *     train round r at rows_pointers, each shard      | barrier
 *     rows_merge(r), rows_claim(r + 1), each owner    | barrier
 *
 * The copies all start from the same values, so the sum of their differences can overshoot where a
 * row moves far in a round. Let l be the expected sum of the weights that move the row for
 * one centre (objective.h), c the centres of a round and r the rate. The sum is scaled by
 * min(1, ROWS_MOST_LOAD / (r c l)). The schedule bounds r c l as well (schedule.h), so the factor is
 * 1/5 or more wherever there is something to merge, but for the nodes of a tree near its root.
 */
#ifndef W2V_TRAIN_ROWS_H
#define W2V_TRAIN_ROWS_H

#include "kernel/kernel.h"
#include "train/layout.h"
#include "train/plan.h"

/* Measured: with a larger one, runs without subsampling lose accuracy. */
#define ROWS_MOST_LOAD 8.0

/* The plan is the only one in the round that touches the row, which it trains in place. */
enum { ROWS_IN_PLACE = UINT32_MAX };

struct row_owner {
    uint32_t *contested; /* this round's */
    size_t n_contested, contested_capacity;
    uint32_t *shared; /* places in the list of a plan: scratch of rows_claim */
    size_t shared_capacity;
    struct mem_map copies;
    size_t copies_capacity; /* in rows */
};

struct rows {
    const struct kernel *kernel;
    struct layout layout;
    struct mem_map matrix;
    unsigned char *n_shards; /* a row: how many shards touch it in this round */
    uint32_t *next_copy;     /* a contested row: the number behind that of its last copy */
    float *load;             /* a row: expected sum of the weights that move it, for one centre */
    struct row_owner owners[LAYOUT_MOST_OWNERS];
};

/* What rows_init will take for each row, in bytes. */
size_t rows_bytes_per_row(size_t dim);

/* Begin with {0}. Makes the matrices, all zero, and the loads, for the caller to fill. */
int rows_init(struct rows *rows, const struct kernel *kernel, const struct layout *layout,
              struct w2v_error *error);
void rows_release(struct rows *rows);

/* Row `row` of the layout. */
static inline float *rows_master(const struct rows *rows, size_t row)
{
    return (float *)rows->matrix.bytes + row * rows->layout.dim;
}

/*
 * For one owner: finds the rows that the plans contest, makes their copies, and writes into the
 * owner's lists of the plans which copy is whose.
 */
int rows_claim(struct rows *rows, size_t owner, struct plan *plans, size_t n_plans,
               struct w2v_error *error);

/*
 * For one owner: merges the contested rows and forgets the plans' claims. `reach`: the rate times
 * the centres that a round is expected to have.
 */
void rows_merge(struct rows *rows, size_t owner, const struct plan *plans, size_t n_plans,
                double reach);

/* Where the plan trains each of plan->rows in this round; pointers: (plan->n_rows). */
void rows_pointers(const struct rows *rows, const struct plan *plan, float **pointers);

#endif
