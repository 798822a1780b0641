/* One update step. See step.h. */
#include "train/step.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows given to the kernels in one call, and rows fetched ahead between two calls. */
enum { ROWS_AT_ONCE = 4, ROWS_AHEAD = 4 };

void step_init(struct step *step, const struct kernel *kernel, size_t dim, float negative,
               unsigned drawn)
{
    *step = (struct step){
        .kernel = kernel, .dim = kernel_pad(dim), .negative_weight = negative / (float)drawn};
}

void step_release(struct step *step)
{
    mem_unmap(&step->rows);
    free(step->row);
    free(step->weight);
    free(step->score);
    free(step->pairs);
    free(step->negatives);
    free(step->moved);
    *step = (struct step){0};
}

/* Room for n_rows rows, with pointers to them, and n_pairs weights, set to 0. */
static int make_room(struct step *step, size_t n_rows, size_t n_pairs, struct w2v_error *error)
{
    const char *what = "a training step";
    if (n_rows > step->rows_capacity) {
        mem_unmap(&step->rows);
        step->rows_capacity = 0;
        int status = mem_map(&step->rows, mem_product(2 * n_rows + 1, step->dim), sizeof(float),
                             what, error);
        if (status == W2V_OK)
            status = mem_grow(&step->row, &step->row_capacity, 2 * n_rows, sizeof *step->row, what,
                              error);
        if (status == W2V_OK)
            status = mem_grow(&step->pairs, &step->pairs_capacity, 2 * n_rows, sizeof *step->pairs,
                              what, error);
        if (status != W2V_OK)
            return status;
        step->rows_capacity = 2 * n_rows;
        for (size_t i = 0; i < step->rows_capacity; i++)
            step->row[i] = (float *)step->rows.bytes + i * step->dim;
        step->spare = (float *)step->rows.bytes + step->rows_capacity * step->dim;
    }
    n_pairs = kernel_pad(n_pairs);
    int status =
        mem_grow(&step->weight, &step->weight_capacity, n_pairs, sizeof *step->weight, what, error);
    if (status == W2V_OK)
        status = mem_grow(&step->score, &step->score_capacity, n_pairs, sizeof *step->score, what,
                          error);
    if (status == W2V_OK) {
        memset(step->weight, 0, n_pairs * sizeof *step->weight);
        memset(step->score + n_pairs - KERNEL_LANES, 0, KERNEL_LANES * sizeof *step->score);
    }
    return status;
}

static float *old_row(struct step *step, size_t i)
{
    return (float *)step->rows.bytes + i * step->dim;
}

/* Starts fetching the next few rows of those wanted ahead. */
static inline void fetch_ahead(struct step *step)
{
#if defined(__GNUC__)
    for (int n = 0; n < ROWS_AHEAD && step->next_ahead < step->n_ahead; n++) {
        const float *row = step->ahead[step->next_ahead++];
        for (size_t k = 0; k < step->dim; k += KERNEL_LANES)
            __builtin_prefetch(row + k, 1);
    }
#else
    (void)step;
#endif
}

/* Where no row stays, *in as it is; else with a row that nobody reads in the place of those. */
static int spare_frozen(struct step *step, const struct plan *plan, const struct plan_block *block,
                        float *const **in, struct w2v_error *error)
{
    if (step->frozen == NULL)
        return W2V_OK;
    int status = mem_grow(&step->moved, &step->moved_capacity, block->n_in, sizeof *step->moved,
                          "a training step", error);
    if (status != W2V_OK)
        return status;
    for (uint32_t i = 0; i < block->n_in; i++)
        step->moved[i] = step->frozen[plan->rows[plan->in[block->in + i]]] ? step->spare : (*in)[i];
    *in = step->moved;
    return W2V_OK;
}

/* The weights of the negatives for one pair: as often as each was drawn. */
static int weigh_negatives(struct step *step, const struct plan *plan,
                           const struct plan_block *block, struct w2v_error *error)
{
    int status = mem_grow(&step->negatives, &step->negatives_capacity, block->n_out,
                          sizeof *step->negatives, "a training step", error);
    if (status != W2V_OK)
        return status;
    for (uint32_t j = 0; j < block->n_out; j++)
        step->negatives[j] =
            j < block->n_positive ? 0 : -step->negative_weight * (float)plan->times[block->out + j];
    return W2V_OK;
}

/* Weights of all pairs of (context, centre), and of what the negatives are paired with. */
static size_t weigh_pairs(struct step *step, const struct plan *plan,
                          const struct plan_block *block)
{
    const size_t n_out = block->n_out;
    const uint32_t *input = plan->place_input + block->inputs;
    size_t n_pairs = 0;
    memset(step->pairs, 0, block->n_in * sizeof *step->pairs);
    for (uint32_t c = block->first_centre; c < block->first_centre + block->n_centres; c++) {
        const struct plan_centre *centre = &plan->centres[c];
        for (uint32_t place = centre->begin; place < centre->end; place++) {
            if (place == centre->place)
                continue;
            uint32_t i = input[place - block->begin];
            step->weight[i * n_out + centre->out] += 1;
            step->pairs[i] += 1;
        }
        n_pairs += centre->end - centre->begin - 1;
    }
    for (size_t i = 0; i < block->n_in; i++) {
        float *weight = step->weight + i * n_out, n = step->pairs[i];
        for (size_t j = block->n_positive; j < n_out; j++)
            weight[j] = step->negatives[j] * n;
    }
    return n_pairs;
}

static size_t at_most(size_t n)
{
    return n < ROWS_AT_ONCE ? n : ROWS_AT_ONCE;
}

int step_skipgram(struct step *step, const struct plan *plan, const struct plan_block *block,
                  float *const *in, float *const *out, float rate, struct step_result *result,
                  struct w2v_error *error)
{
    const struct kernel *kernel = step->kernel;
    const float *const *old = step->row, *const *old_out = (const float *const *)out;
    const size_t n_in = block->n_in, n_out = block->n_out, dim = step->dim, n = n_in * n_out;
    *result = (struct step_result){0};
    if (n_in == 0)
        return W2V_OK;
    int status = make_room(step, n_in, n, error);
    if (status == W2V_OK)
        status = weigh_negatives(step, plan, block, error);
    float *const *moved = in;
    if (status == W2V_OK)
        status = spare_frozen(step, plan, block, &moved, error);
    if (status != W2V_OK)
        return status;
    old = step->row;
    result->n_predictions = weigh_pairs(step, plan, block);
    if (result->n_predictions == 0)
        return W2V_OK;
    for (size_t i = 0; i < n_in; i += ROWS_AT_ONCE) {
        const size_t m = at_most(n_in - i);
        fetch_ahead(step);
        for (size_t r = i; r < i + m; r++)
            memcpy(old_row(step, r), in[r], dim * sizeof(float));
        kernel->dots(old + i, m, old_out, n_out, dim, step->score + i * n_out, n_out);
    }
    result->loss = (double)kernel->logistic(step->score, step->weight, kernel_pad(n), rate);
    for (size_t i = 0; i < n_in; i += ROWS_AT_ONCE) {
        fetch_ahead(step);
        kernel->accumulate(moved + i, at_most(n_in - i), old_out, n_out, dim,
                           step->score + i * n_out, n_out, 1);
    }
    for (size_t j = 0; j < n_out; j += ROWS_AT_ONCE) {
        fetch_ahead(step);
        kernel->accumulate(out + j, at_most(n_out - j), old, n_in, dim, step->score + j, 1, n_out);
    }
    return W2V_OK;
}

int step_cbow(struct step *step, const struct plan *plan, const struct plan_block *block,
              float *const *in, float *const *out, float rate, struct step_result *result,
              struct w2v_error *error)
{
    const struct kernel *kernel = step->kernel;
    const size_t n_in = block->n_in, n_out = block->n_out, dim = step->dim;
    *result = (struct step_result){0};
    if (n_in == 0)
        return W2V_OK;
    int status = make_room(step, n_in > 2 ? n_in : 2, n_out, error);
    if (status == W2V_OK)
        status = weigh_negatives(step, plan, block, error);
    float *const *moved = in;
    if (status == W2V_OK)
        status = spare_frozen(step, plan, block, &moved, error);
    if (status != W2V_OK)
        return status;
    const struct plan_centre *centre = &plan->centres[block->first_centre];
    const float *const *old_in = (const float *const *)in;
    const float *const *old_out = (const float *const *)out;
    float *mean = old_row(step, 0), *change = old_row(step, 1), *share = step->pairs;
    const float *const *const means = (const float *const *)&mean;
    const float n_contexts = (float)(centre->end - centre->begin - 1), each = 1 / n_contexts;
    const float faster = sqrtf(n_contexts);
    memset(share, 0, n_in * sizeof *share);
    for (uint32_t place = centre->begin; place < centre->end; place++)
        if (place != centre->place)
            share[plan->place_input[block->inputs + (place - block->begin)]] += each;
    memset(mean, 0, 2 * dim * sizeof *mean);
    fetch_ahead(step);
    kernel->accumulate(&mean, 1, old_in, n_in, dim, share, 0, 1);
    memcpy(step->weight, step->negatives, n_out * sizeof *step->weight);
    step->weight[centre->out] = 1;
    fetch_ahead(step);
    kernel->dots(means, 1, old_out, n_out, dim, step->score, n_out);
    result->loss = (double)kernel->logistic(step->score, step->weight, kernel_pad(n_out), rate);
    fetch_ahead(step);
    kernel->accumulate(&change, 1, old_out, n_out, dim, step->score, 0, 1);
    kernel->accumulate(out, n_out, means, 1, dim, step->score, 1, 0);
    for (size_t i = 0; i < n_in; i++)
        share[i] *= faster;
    kernel->accumulate(moved, n_in, (const float *const *)&change, 1, dim, share, 1, 0);
    result->n_predictions = 1;
    return W2V_OK;
}
