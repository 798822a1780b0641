/*
 * The matrices, on which several shards train at the same time, without races and with the same
 * result for any number of threads.
 *
 * In a round each shard trains its own plan. A row that a single shard touches is trained in place.
 * A contested row is one that several shards touch. Each of them trains a copy of the row. After
 * the round the row moves by the sum of (copy - row), added in the order of the shards. Between two
 * rounds each owner (layout.h) handles its own rows.
 *
 *     rows_claim(round 0), each owner                 | phase ends
 *     rows_place(i), train round i, each shard        | phase ends
 *     rows_merge(i), rows_claim(i + 1), each owner    | phase ends
 *
 * All copies start from the same values, so the sum can overshoot if the row moves far in a round.
 * Let r be the rate and c the centres of a round. The load l of a row is the sum of |weight| that
 * is expected to move it for one centre (objective.h), and m is the sum of |weight| that did move
 * its n copies in the round. The sum of (copy - row) is scaled by
 *
 *     min(1, max(1 / n, most / (r m))),
 *     most = max(1, ROWS_MOST_LOAD min(1, 2 c l / m)).
 *
 * With 1 / n the row becomes the mean of its copies, and each copy is what a shard alone would have
 * made of the row. `most` is smaller where a row moves far more than expected: then the shards are
 * all in places that are full of the same words, and all move the row in the same direction.
 *
 * The schedule bounds r c l as well (schedule.h).
 */
#ifndef W2V_TRAIN_ROWS_H
#define W2V_TRAIN_ROWS_H

#include <string.h>

#include "kernel/kernel.h"
#include "train/layout.h"
#include "train/plan.h"

/* Measured: with a larger value, runs without subsampling lose accuracy. */
#define ROWS_MOST_LOAD 8.0

/* plan_touch.copy of a row that is not contested: it is trained in place. */
enum { ROWS_IN_PLACE = UINT32_MAX };

/* A copy of a contested row, and the sum of |weight| that moved it. */
struct row_copy {
    const float *row, *weight;
};

/* What an owner notes. The arrays (owned) are indexed by layout_owned. */
struct row_owner {
    unsigned char *n_shards; /* (owned): how many shards touch the row in this round */
    uint32_t *next_copy;     /* (owned): scratch of rows_claim, the number of the row's next copy */
    uint32_t *contested;     /* the contested rows of this round */
    size_t n_contested, contested_capacity;
    uint32_t *shared; /* scratch of rows_claim: places of contested rows in the list of a plan */
    size_t shared_capacity;
    /*
     * The copies of the first contested row, in the order of the shards, then of the second, and so
     * on. Each shard sets its own copies in rows_place.
     */
    struct row_copy *copies;
    size_t n_copies, copies_capacity;
};

/*
 * The memory for the copies that a shard trains. A thread trains the same shards in each round if it
 * can (base/thread.h), so the memory stays in its cache.
 */
struct row_copies {
    struct mem_map rows;
    size_t capacity; /* in rows */
};

struct rows {
    const struct kernel *kernel;
    struct layout layout;
    struct mem_map matrix;
    float *load; /* for each row, l above */
    struct row_owner owners[LAYOUT_MOST_OWNERS];
    struct row_copies copies[W2V_MAX_SHARDS];
};

/* How many bytes rows_init takes for each row. */
size_t rows_bytes_per_row(size_t dim);

/* Begin with {0}. Makes the matrices, all zero. The caller then sets the loads. */
int rows_init(struct rows *rows, const struct kernel *kernel, const struct layout *layout,
              struct w2v_error *error);
void rows_release(struct rows *rows);

/* Row `row` of the layout. */
static inline float *rows_master(const struct rows *rows, size_t row)
{
    return (float *)rows->matrix.bytes + row * rows->layout.dim;
}

/*
 * For one owner: finds the contested rows of the plans, plans[s] being that of shard s, and sets
 * `copy` in the owner's part of every plan's `touched`.
 */
int rows_claim(struct rows *rows, size_t owner, struct plan *plans, size_t n_plans,
               struct w2v_error *error);

/*
 * For one owner: merges the contested rows, by the weights that the plans counted, and forgets which
 * rows the plans touched. `rate` and `centres` are r and c.
 */
void rows_merge(struct rows *rows, size_t owner, const struct plan *plans, size_t n_plans,
                double rate, double centres);

/*
 * For one shard: finds where its plan trains its rows, and tells the owners where its copies are. Each
 * contested row must be copied with rows_copy before its first use, and before rows_merge in any
 * case.
 */
int rows_place(struct rows *rows, unsigned shard, struct plan *plan, struct w2v_error *error);

static inline void rows_copy(const struct rows *rows, const struct plan *plan, uint32_t index)
{
    memcpy(plan->trained_at[index], rows_master(rows, plan->rows[index]),
           rows->layout.dim * sizeof(float));
}

#endif
