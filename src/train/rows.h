/*
 * The matrices, on which several shards train at the same time, without races and with the same
 * result for any number of threads.
 *
 * In a round each shard trains its own plan. A row that a single shard touches is trained in place.
 * A contested row is one that several shards touch. Each of them trains a copy of the row. After
 * the round the row moves by the sum of (copy - row), added in the order of the shards. Between two
 * rounds each owner (layout.h) handles its own rows.
 *
 *     rows_claim(round 0), each owner                 | barrier
 *     train round r at rows_pointers, each shard      | barrier
 *     rows_merge(r), rows_claim(r + 1), each owner    | barrier
 *
 * All copies start from the same values, so the sum can overshoot if the row moves far in a round.
 * Let r be the rate and c the centres of a round. The load l of a row is the sum of |weight| that
 * is expected to move it for one centre (objective.h), and m is the sum of |weight| that did move
 * its n copies in the round. The sum of (copy - row) is scaled by
 *
 *     min(1, max(1 / n, most / (r m))),
 *     most = ROWS_MOST_LOAD min(1, 2 r c l / (r m)), but at least 1.
 *
 * With 1 / n the row becomes the mean of its copies, and each copy is what a shard alone would have
 * made of the row. `most` is smaller where a row moves far more than expected: then the shards are
 * all in places that are full of the same words, and all move the row in the same direction.
 *
 * The schedule bounds r c l as well (schedule.h).
 */
#ifndef W2V_TRAIN_ROWS_H
#define W2V_TRAIN_ROWS_H

#include "kernel/kernel.h"
#include "train/layout.h"
#include "train/plan.h"

/* Measured: with a larger value, runs without subsampling lose accuracy. */
#define ROWS_MOST_LOAD 8.0

/* plan_touch.copy of a row that is not contested: it is trained in place. */
enum { ROWS_IN_PLACE = UINT32_MAX };

struct row_owner {
    uint32_t *contested; /* the contested rows of this round */
    size_t n_contested, contested_capacity;
    uint32_t *shared; /* scratch of rows_claim: places of contested rows in the list of a plan */
    size_t shared_capacity;
    const float **weight; /* for each copy, where its plan counts what moves it */
    size_t weight_capacity;
    struct mem_map copies;
    size_t copies_capacity; /* in rows */
};

struct rows {
    const struct kernel *kernel;
    struct layout layout;
    struct mem_map matrix;
    struct mem_map touches;  /* what n_shards points to; on whole cache lines, see layout_owner */
    unsigned char *n_shards; /* for each row, how many shards touch it in this round */
    uint32_t *next_copy;     /* for a contested row, the number after that of its last copy */
    float *load;             /* for each row, l above */
    struct row_owner owners[LAYOUT_MOST_OWNERS];
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
 * For one owner: finds the contested rows of the plans, makes their copies, and sets `copy` in the
 * owner's part of every plan's `touched`.
 */
int rows_claim(struct rows *rows, size_t owner, struct plan *plans, size_t n_plans,
               struct w2v_error *error);

/*
 * For one owner: merges the contested rows, by what moved the rows of the plans, and forgets which
 * rows the plans touched. `rate` and `centres` are r and c.
 */
void rows_merge(struct rows *rows, size_t owner, const struct plan *plans, size_t n_plans,
                double rate, double centres);

/* Sets pointers[i] to where the plan trains plan->rows[i] in this round. */
void rows_pointers(const struct rows *rows, const struct plan *plan, float **pointers);

#endif
