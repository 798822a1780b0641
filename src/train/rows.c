/* Shared and contested rows. See rows.h. */
#include "train/rows.h"

#include <stdlib.h>
#include <string.h>

size_t rows_bytes_per_row(size_t dim)
{
    return kernel_pad(dim) * sizeof(float) + sizeof(uint16_t) + sizeof(uint32_t) + sizeof(float);
}

int rows_init(struct rows *rows, const struct kernel *kernel, const struct layout *layout,
              struct w2v_error *error)
{
    const size_t n = layout_moved(layout);
    *rows = (struct rows){.kernel = kernel, .layout = *layout};
    int status = mem_map(&rows->matrix, mem_product(layout_rows(layout), layout->dim),
                         sizeof(float), "the matrices", error);
    if (status == W2V_OK)
        status = mem_map(&rows->shards, n, sizeof(uint16_t), "the matrices", error);
    if (status == W2V_OK) {
        rows->copy = mem_calloc(n, sizeof *rows->copy, "the matrices", error);
        rows->load = mem_calloc(n, sizeof *rows->load, "the matrices", error);
        status = rows->copy != NULL && rows->load != NULL ? W2V_OK : W2V_ENOMEM;
    }
    if (status != W2V_OK)
        rows_release(rows);
    return status;
}

void rows_release(struct rows *rows)
{
    for (size_t o = 0; o < PLAN_OWNERS; o++) {
        free(rows->owners[o].contested);
        mem_unmap(&rows->owners[o].copies);
    }
    mem_unmap(&rows->matrix);
    mem_unmap(&rows->shards);
    free(rows->copy);
    free(rows->load);
    *rows = (struct rows){0};
}

/* Starts fetching the contested row that comes a few behind the i-th. */
static inline void fetch_contested(const struct rows *rows, const struct row_owner *owner, size_t i)
{
    enum { AHEAD = 3 };
    if (i + AHEAD < owner->n_contested)
        kernel_fetch(rows_master(rows, owner->contested[i + AHEAD]), rows->layout.dim);
}

int rows_claim(struct rows *rows, size_t owner_index, const struct plan *plans, size_t n_plans,
               struct w2v_error *error)
{
    struct row_owner *owner = &rows->owners[owner_index];
    uint16_t *shards = rows->shards.bytes;
    size_t n_contested = 0, n_touched = 0;
    for (size_t s = 0; s < n_plans; s++)
        n_touched += plans[s].owner_begin[owner_index + 1] - plans[s].owner_begin[owner_index];
    int status = mem_grow(&owner->contested, &owner->capacity, n_touched + 1,
                          sizeof *owner->contested, "contested rows", error);
    if (status != W2V_OK)
        return status;
    for (size_t s = 0; s < n_plans; s++) {
        if (plans[s].touched == NULL) /* a stretch without a centre */
            continue;
        const uint32_t *touched = plans[s].touched + plans[s].owner_begin[owner_index];
        const uint32_t *end = plans[s].touched + plans[s].owner_begin[owner_index + 1];
        const uint32_t bit = 1u << s;
        for (; touched < end; touched++) {
            /* Exactly the second shard finds one other bit and not its own. No branch: it would
             * be taken at random. */
            uint32_t before = shards[*touched];
            shards[*touched] = (uint16_t)(before | bit);
            owner->contested[n_contested] = *touched;
            n_contested += (before != 0) & ((before & bit) == 0) & ((before & (before - 1)) == 0);
        }
    }
    owner->n_contested = n_contested;
    owner->n_copies = 0;
    for (size_t i = 0; i < owner->n_contested; i++) {
        rows->copy[owner->contested[i]] = (uint32_t)owner->n_copies;
        owner->n_copies += rows_count_bits(shards[owner->contested[i]]);
    }
    if (owner->n_copies > owner->copies_capacity) {
        mem_unmap(&owner->copies);
        owner->copies_capacity = 0;
        status = mem_map(&owner->copies, mem_product(2 * owner->n_copies, rows->layout.dim),
                         sizeof(float), "contested rows", error);
        if (status != W2V_OK)
            return status;
        owner->copies_capacity = 2 * owner->n_copies;
    }
    for (size_t i = 0; i < owner->n_contested; i++) {
        const uint32_t row = owner->contested[i];
        fetch_contested(rows, owner, i);
        float *copy = (float *)owner->copies.bytes + rows->copy[row] * rows->layout.dim;
        for (uint32_t n = rows_count_bits(shards[row]); n > 0; n--, copy += rows->layout.dim)
            memcpy(copy, rows_master(rows, row), rows->layout.dim * sizeof *copy);
    }
    return W2V_OK;
}

void rows_merge(struct rows *rows, size_t owner_index, const struct plan *plans, size_t n_plans,
                double reach)
{
    struct row_owner *owner = &rows->owners[owner_index];
    uint16_t *shards = rows->shards.bytes;
    for (size_t i = 0; i < owner->n_contested; i++) {
        const uint32_t row = owner->contested[i];
        fetch_contested(rows, owner, i);
        const double load = reach * (double)rows->load[row];
        const float scale = load > ROWS_MOST_LOAD ? (float)(ROWS_MOST_LOAD / load) : 1;
        rows->kernel->merge(rows_master(rows, row),
                            (const float *)owner->copies.bytes + rows->copy[row] * rows->layout.dim,
                            rows_count_bits(shards[row]), rows->layout.dim, scale);
    }
    owner->n_contested = 0;
    for (size_t s = 0; s < n_plans; s++)
        for (size_t i = plans[s].owner_begin[owner_index];
             i < plans[s].owner_begin[owner_index + 1]; i++)
            shards[plans[s].touched[i]] = 0;
}
