/* Rows that one shard or several train. See rows.h. */
#include "train/rows.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/fetch.h"

/* row_owner.n_shards counts the shards in a byte. */
_Static_assert(W2V_MAX_SHARDS <= UCHAR_MAX, "too many shards");

static const char what[] = "contested rows";

size_t rows_bytes_per_row(size_t dim)
{
    return kernel_pad(dim) * sizeof(float) + sizeof(unsigned char) + sizeof(uint32_t) +
           sizeof(float);
}

static int init_owners(struct rows *rows, struct w2v_error *error)
{
    const size_t n = layout_most_owned(&rows->layout, layout_moved(&rows->layout));
    for (size_t o = 0; o < layout_owners(&rows->layout); o++) {
        struct row_owner *owner = &rows->owners[o];
        owner->n_shards = mem_calloc(n, sizeof *owner->n_shards, what, error);
        owner->next_copy = mem_calloc(n, sizeof *owner->next_copy, what, error);
        if (owner->n_shards == NULL || owner->next_copy == NULL)
            return W2V_ENOMEM;
    }
    return W2V_OK;
}

int rows_init(struct rows *rows, const struct kernel *kernel, const struct layout *layout,
              struct w2v_error *error)
{
    *rows = (struct rows){.kernel = kernel, .layout = *layout};
    int status = mem_map(&rows->matrix, mem_product(layout_rows(layout), layout->dim),
                         sizeof(float), "the matrices", error);
    if (status == W2V_OK) {
        rows->load = mem_calloc(layout_moved(layout), sizeof *rows->load, "the matrices", error);
        if (rows->load == NULL)
            status = W2V_ENOMEM;
    }
    if (status == W2V_OK)
        status = init_owners(rows, error);
    if (status != W2V_OK)
        rows_release(rows);
    return status;
}

void rows_release(struct rows *rows)
{
    for (size_t o = 0; o < LAYOUT_MOST_OWNERS; o++) {
        free(rows->owners[o].n_shards);
        free(rows->owners[o].next_copy);
        free(rows->owners[o].contested);
        free(rows->owners[o].shared);
        free(rows->owners[o].copies);
    }
    for (size_t s = 0; s < W2V_MAX_SHARDS; s++)
        mem_unmap(&rows->copies[s].rows);
    mem_unmap(&rows->matrix);
    free(rows->load);
    *rows = (struct rows){0};
}

/* Prefetches the owner's part of a plan's list of rows, which another thread may have written. */
static inline void fetch_touched(const struct plan *plan, size_t owner_index)
{
    const size_t begin = plan->owner_begin[owner_index], end = plan->owner_begin[owner_index + 1];
    fetch_to_write(plan->touched + begin, (end - begin) * sizeof *plan->touched);
}

/* Lists the contested rows of the owner, and counts the shards that touch each of its rows. */
static int find_contested(struct rows *rows, size_t owner_index, const struct plan *plans,
                          size_t n_plans, struct w2v_error *error)
{
    enum { AHEAD = 2 };
    struct row_owner *owner = &rows->owners[owner_index];
    const struct layout layout = rows->layout;
    unsigned char *n_shards = owner->n_shards;
    const size_t n_touched = plan_count_touched(plans, n_plans, owner_index);
    size_t n_contested = 0;
    int status = mem_grow(&owner->contested, &owner->contested_capacity, n_touched + 1,
                          sizeof *owner->contested, what, error);
    if (status == W2V_OK)
        status = mem_grow(&owner->shared, &owner->shared_capacity, n_touched + 1,
                          sizeof *owner->shared, what, error);
    if (status == W2V_OK)
        status = mem_grow(&owner->copies, &owner->copies_capacity, n_touched + 1,
                          sizeof *owner->copies, what, error);
    uint32_t *contested = owner->contested;
    for (size_t s = 0; s < n_plans && status == W2V_OK; s++) {
        const struct plan_touch *touched = plans[s].touched;
        const size_t end = plans[s].owner_begin[owner_index + 1];
        if (s + AHEAD < n_plans)
            fetch_touched(&plans[s + AHEAD], owner_index);
        for (size_t i = plans[s].owner_begin[owner_index]; i < end; i++) {
            /* A row is listed with its second shard. A branch would often be mispredicted. */
            contested[n_contested] = touched[i].row;
            n_contested += n_shards[layout_owned(&layout, touched[i].row)]++ == 1;
        }
    }
    owner->n_contested = status == W2V_OK ? n_contested : 0;
    return status;
}

int rows_claim(struct rows *rows, size_t owner_index, struct plan *plans, size_t n_plans,
               struct w2v_error *error)
{
    struct row_owner *owner = &rows->owners[owner_index];
    const struct layout layout = rows->layout;
    const unsigned char *n_shards = owner->n_shards;
    uint32_t *next_copy = owner->next_copy, *shared, n_copies = 0;
    int status = find_contested(rows, owner_index, plans, n_plans, error);
    if (status != W2V_OK)
        return status;
    shared = owner->shared;
    for (size_t i = 0; i < owner->n_contested; i++) {
        const size_t at = layout_owned(&layout, owner->contested[i]);
        next_copy[at] = n_copies;
        n_copies += n_shards[at];
    }
    owner->n_copies = n_copies;
    for (size_t s = 0; s < n_plans; s++) {
        struct plan_touch *touched = plans[s].touched;
        const size_t end = plans[s].owner_begin[owner_index + 1];
        size_t n_shared = 0;
        for (size_t i = plans[s].owner_begin[owner_index]; i < end; i++) {
            touched[i].copy = ROWS_IN_PLACE;
            shared[n_shared] = (uint32_t)i;
            n_shared += n_shards[layout_owned(&layout, touched[i].row)] > 1;
        }
        for (size_t i = 0; i < n_shared; i++) {
            struct plan_touch *touch = &touched[shared[i]];
            touch->copy = next_copy[layout_owned(&layout, touch->row)]++;
        }
    }
    return W2V_OK;
}

/* Makes room for the copies of a shard. The old ones are lost. */
static int make_copies(struct row_copies *copies, size_t n, size_t dim, struct w2v_error *error)
{
    if (n <= copies->capacity)
        return W2V_OK;
    mem_unmap(&copies->rows);
    copies->capacity = 0;
    n += n / 8;
    int status = mem_map(&copies->rows, mem_product(n, dim), sizeof(float), what, error);
    if (status == W2V_OK)
        copies->capacity = n;
    return status;
}

int rows_place(struct rows *rows, unsigned shard, struct plan *plan, struct w2v_error *error)
{
    const size_t dim = rows->layout.dim, n_owners = layout_owners(&rows->layout);
    size_t n = 0;
    for (size_t i = 0; i < plan->n_rows; i++)
        n += plan->touched[i].copy != ROWS_IN_PLACE;
    int status = make_copies(&rows->copies[shard], n, dim, error);
    if (status != W2V_OK)
        return status;
    float *copy = rows->copies[shard].rows.bytes, **trained_at = plan->trained_at;
    /* Branches on which rows are contested would often be mispredicted. */
    struct row_copy none;
    for (size_t o = 0; o < n_owners; o++) {
        struct row_copy *copies = rows->owners[o].copies;
        for (size_t i = plan->owner_begin[o]; i < plan->owner_begin[o + 1]; i++) {
            const struct plan_touch touch = plan->touched[i];
            const bool contested = touch.copy != ROWS_IN_PLACE;
            trained_at[touch.index] = contested ? copy : rows_master(rows, touch.row);
            *(contested ? &copies[touch.copy] : &none) =
                (struct row_copy){copy, &plan->weight[touch.index]};
            copy = contested ? copy + dim : copy;
        }
    }
    plan->n_contested = 0;
    for (uint32_t i = 0; i < plan->n_rows; i++) {
        plan->contested_index[plan->n_contested] = i;
        plan->n_contested += trained_at[i] != rows_master(rows, plan->rows[i]);
    }
    return W2V_OK;
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
    enum { ROWS_AHEAD = 3, COPIES_AHEAD = 8 };
    struct row_owner *owner = &rows->owners[owner_index];
    const struct layout layout = rows->layout;
    const size_t dim = layout.dim, row_bytes = dim * sizeof(float);
    const float *rows_of[W2V_MAX_SHARDS];
    const struct row_copy *copy = owner->copies, *end = copy + owner->n_copies;
    for (size_t i = 0; i < owner->n_contested; i++) {
        const uint32_t row = owner->contested[i];
        const unsigned n = owner->n_shards[layout_owned(&layout, row)];
        double sum = 0;
        if (i + ROWS_AHEAD < owner->n_contested)
            fetch_to_write(rows_master(rows, owner->contested[i + ROWS_AHEAD]), row_bytes);
        for (unsigned c = 0; c < n; c++, copy++) {
            if (end - copy > COPIES_AHEAD) {
                fetch_to_read(copy[COPIES_AHEAD].row, row_bytes);
                fetch_to_read(copy[COPIES_AHEAD].weight, 1);
            }
            rows_of[c] = copy->row;
            sum += (double)*copy->weight;
        }
        const float scale = merge_scale(rate * centres * (double)rows->load[row], rate * sum, n);
        rows->kernel->merge(rows_master(rows, row), rows_of, n, dim, scale);
    }
    for (size_t s = 0; s < n_plans; s++) {
        const size_t last = plans[s].owner_begin[owner_index + 1];
        for (size_t i = plans[s].owner_begin[owner_index]; i < last; i++)
            owner->n_shards[layout_owned(&layout, plans[s].touched[i].row)] = 0;
    }
}
