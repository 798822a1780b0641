/* Rows that one shard or several train. See rows.h. */
#include "train/rows.h"

#include <stdlib.h>
#include <string.h>

static const char what[] = "contested rows";

size_t rows_bytes_per_row(size_t dim)
{
    return kernel_pad(dim) * sizeof(float) + sizeof(unsigned char) + sizeof(uint32_t) +
           sizeof(float);
}

int rows_init(struct rows *rows, const struct kernel *kernel, const struct layout *layout,
              struct w2v_error *error)
{
    const size_t n = layout_moved(layout);
    *rows = (struct rows){.kernel = kernel, .layout = *layout};
    int status = mem_map(&rows->matrix, mem_product(layout_rows(layout), layout->dim),
                         sizeof(float), "the matrices", error);
    if (status == W2V_OK) {
        status = mem_map(&rows->touches, n, sizeof *rows->n_shards, "the matrices", error);
        rows->n_shards = rows->touches.bytes;
    }
    if (status == W2V_OK) {
        rows->next_copy = mem_calloc(n, sizeof *rows->next_copy, "the matrices", error);
        rows->load = mem_calloc(n, sizeof *rows->load, "the matrices", error);
        if (rows->next_copy == NULL || rows->load == NULL)
            status = W2V_ENOMEM;
    }
    if (status != W2V_OK)
        rows_release(rows);
    return status;
}

void rows_release(struct rows *rows)
{
    for (size_t o = 0; o < LAYOUT_MOST_OWNERS; o++) {
        free(rows->owners[o].contested);
        free(rows->owners[o].shared);
        mem_unmap(&rows->owners[o].copies);
        free(rows->owners[o].weight);
    }
    mem_unmap(&rows->matrix);
    mem_unmap(&rows->touches);
    free(rows->next_copy);
    free(rows->load);
    *rows = (struct rows){0};
}

/* Prefetches the contested row that comes AHEAD places after the i-th. */
static inline void fetch_contested(const struct rows *rows, const struct row_owner *owner, size_t i)
{
    enum { AHEAD = 3 };
    if (i + AHEAD < owner->n_contested)
        kernel_fetch(rows_master(rows, owner->contested[i + AHEAD]), rows->layout.dim);
}

/* Lists the contested rows of the owner, and counts the shards that touch each of its rows. */
static int find_contested(struct rows *rows, size_t owner_index, const struct plan *plans,
                          size_t n_plans, struct w2v_error *error)
{
    struct row_owner *owner = &rows->owners[owner_index];
    unsigned char *n_shards = rows->n_shards;
    size_t n_contested = 0, n_touched = 0;
    for (size_t s = 0; s < n_plans; s++)
        n_touched += plans[s].owner_begin[owner_index + 1] - plans[s].owner_begin[owner_index];
    int status = mem_grow(&owner->contested, &owner->contested_capacity, n_touched + 1,
                          sizeof *owner->contested, what, error);
    if (status == W2V_OK)
        status = mem_grow(&owner->shared, &owner->shared_capacity, n_touched + 1,
                          sizeof *owner->shared, what, error);
    if (status == W2V_OK)
        status = mem_grow(&owner->weight, &owner->weight_capacity, n_touched + 1,
                          sizeof *owner->weight, what, error);
    for (size_t s = 0; s < n_plans && status == W2V_OK; s++)
        for (size_t i = plans[s].owner_begin[owner_index];
             i < plans[s].owner_begin[owner_index + 1]; i++) {
            /* A row is listed with its second shard. A branch would often be mispredicted. */
            const uint32_t row = plans[s].touched[i].row;
            owner->contested[n_contested] = row;
            n_contested += n_shards[row]++ == 1;
        }
    owner->n_contested = status == W2V_OK ? n_contested : 0;
    return status;
}

/*
 * Numbers the copies. Those of one row have consecutive numbers, in the order of the shards.
 * Returns how many copies there are.
 */
static size_t number_copies(struct rows *rows, size_t owner_index, struct plan *plans,
                            size_t n_plans)
{
    struct row_owner *owner = &rows->owners[owner_index];
    size_t n_copies = 0;
    for (size_t i = 0; i < owner->n_contested; i++) {
        rows->next_copy[owner->contested[i]] = (uint32_t)n_copies;
        n_copies += rows->n_shards[owner->contested[i]];
    }
    for (size_t s = 0; s < n_plans; s++) {
        struct plan_touch *touched = plans[s].touched;
        size_t n_shared = 0;
        for (size_t i = plans[s].owner_begin[owner_index];
             i < plans[s].owner_begin[owner_index + 1]; i++) {
            touched[i].copy = ROWS_IN_PLACE;
            owner->shared[n_shared] = (uint32_t)i;
            n_shared += rows->n_shards[touched[i].row] > 1;
        }
        for (size_t i = 0; i < n_shared; i++) {
            struct plan_touch *touch = &touched[owner->shared[i]];
            touch->copy = rows->next_copy[touch->row]++;
            owner->weight[touch->copy] = &plans[s].weight[touch->index];
        }
    }
    return n_copies;
}

/* The first copy of a contested row of the owner. All copies have been numbered. */
static float *first_copy(const struct rows *rows, const struct row_owner *owner, uint32_t row)
{
    const size_t number = rows->next_copy[row] - rows->n_shards[row];
    return (float *)owner->copies.bytes + number * rows->layout.dim;
}

int rows_claim(struct rows *rows, size_t owner_index, struct plan *plans, size_t n_plans,
               struct w2v_error *error)
{
    struct row_owner *owner = &rows->owners[owner_index];
    const size_t dim = rows->layout.dim;
    int status = find_contested(rows, owner_index, plans, n_plans, error);
    if (status != W2V_OK)
        return status;
    const size_t n_copies = number_copies(rows, owner_index, plans, n_plans);
    if (n_copies > owner->copies_capacity) {
        mem_unmap(&owner->copies);
        owner->copies_capacity = 0;
        status =
            mem_map(&owner->copies, mem_product(2 * n_copies, dim), sizeof(float), what, error);
        if (status != W2V_OK)
            return status;
        owner->copies_capacity = 2 * n_copies;
    }
    for (size_t i = 0; i < owner->n_contested; i++) {
        const uint32_t row = owner->contested[i];
        fetch_contested(rows, owner, i);
        float *copy = first_copy(rows, owner, row);
        for (unsigned n = rows->n_shards[row]; n > 0; n--, copy += dim)
            memcpy(copy, rows_master(rows, row), dim * sizeof *copy);
    }
    return W2V_OK;
}

void rows_pointers(const struct rows *rows, const struct plan *plan, float **pointers)
{
    const size_t dim = rows->layout.dim;
    for (size_t o = 0; o < rows->layout.n_owners; o++) {
        float *copies = rows->owners[o].copies.bytes;
        for (size_t i = plan->owner_begin[o]; i < plan->owner_begin[o + 1]; i++) {
            const struct plan_touch touch = plan->touched[i];
            /* No branch: contested rows come at random, so it would often be mispredicted. */
            const bool in_place = touch.copy == ROWS_IN_PLACE;
            float *base = in_place ? rows->matrix.bytes : copies;
            pointers[touch.index] = base + (in_place ? touch.row : touch.copy) * dim;
        }
    }
}

/* The factor of rows.h. `expected`: r c l, `actual`: r m. */
static float merge_scale(double expected, double actual, unsigned n_copies)
{
    double most = ROWS_MOST_LOAD;
    if (actual > 2 * expected)
        most *= 2 * expected / actual;
    if (most < 1)
        most = 1;
    const double least = 1.0 / n_copies;
    return (float)(actual <= most ? 1 : most > actual * least ? most / actual : least);
}

void rows_merge(struct rows *rows, size_t owner_index, const struct plan *plans, size_t n_plans,
                double rate, double centres)
{
    struct row_owner *owner = &rows->owners[owner_index];
    for (size_t i = 0; i < owner->n_contested; i++) {
        const uint32_t row = owner->contested[i];
        const unsigned n = rows->n_shards[row];
        const float *const *weight = owner->weight + (rows->next_copy[row] - n);
        double sum = 0;
        fetch_contested(rows, owner, i);
        for (unsigned copy = 0; copy < n; copy++)
            sum += (double)*weight[copy];
        const float scale = merge_scale(rate * centres * (double)rows->load[row], rate * sum, n);
        rows->kernel->merge(rows_master(rows, row), first_copy(rows, owner, row), n,
                            rows->layout.dim, scale);
    }
    owner->n_contested = 0;
    for (size_t s = 0; s < n_plans; s++)
        for (size_t i = plans[s].owner_begin[owner_index];
             i < plans[s].owner_begin[owner_index + 1]; i++)
            rows->n_shards[plans[s].touched[i].row] = 0;
}
