/*
 * The two matrices while several shards train on them, without a race and with the same result for
 * any number of threads.
 *
 * In a round each shard trains its own plan. A row that a single shard touches is trained in place.
 * A contested row, touched by several, is left alone meanwhile: each of its shards trains a copy,
 * and after the round the row moves by the sum of the copies' differences, added in the order of
 * the shards. Rows are divided among owners (plan_owner); all that happens to a row between
 * two rounds, its owner does, so owners can run at once.
 *
 *     rows_claim(round 0), each owner                 | barrier
 *     train round r through rows_pointer, each shard  | barrier
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

struct row_owner {
    uint32_t *contested; /* this round's */
    size_t n_contested, capacity;
    struct mem_map copies;
    size_t n_copies, copies_capacity; /* in rows */
};

struct rows {
    const struct kernel *kernel;
    struct layout layout;
    struct mem_map matrix;
    struct mem_map shards; /* uint16_t, a row: a bit for each shard that touches the row */
    uint32_t *copy;        /* a row: a contested row's first copy, counted in rows */
    float *load;           /* a row: expected sum of the weights that move it, for one centre */
    struct row_owner owners[PLAN_OWNERS];
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

/* For one owner: finds the rows that the plans contest and makes their copies. */
int rows_claim(struct rows *rows, size_t owner, const struct plan *plans, size_t n_plans,
               struct w2v_error *error);

/*
 * For one owner: merges the contested rows and forgets the plans' claims. `reach`: the rate times
 * the centres that a round is expected to have.
 */
void rows_merge(struct rows *rows, size_t owner, const struct plan *plans, size_t n_plans,
                double reach);

static inline uint32_t rows_count_bits(uint32_t x)
{
    x -= x >> 1 & 0x55555555u;
    x = (x & 0x33333333u) + (x >> 2 & 0x33333333u);
    return ((x + (x >> 4)) & 0x0f0f0f0fu) * 0x01010101u >> 24;
}

/* Whether several shards touch the row in this round. */
static inline bool rows_is_contested(const struct rows *rows, uint32_t row)
{
    const uint32_t shards = ((const uint16_t *)rows->shards.bytes)[row];
    return (shards & (shards - 1)) != 0;
}

/* Where `shard` trains a contested row. */
static inline float *rows_copy(const struct rows *rows, uint32_t row, unsigned shard)
{
    const uint32_t shards = ((const uint16_t *)rows->shards.bytes)[row];
    const size_t copy = rows->copy[row] + rows_count_bits(shards & ((1u << shard) - 1));
    return (float *)rows->owners[plan_owner(row)].copies.bytes + copy * rows->layout.dim;
}

/* Where `shard` trains the row in this round. */
static inline float *rows_pointer(const struct rows *rows, uint32_t row, unsigned shard)
{
    return rows_is_contested(rows, row) ? rows_copy(rows, row, shard) : rows_master(rows, row);
}

#endif
