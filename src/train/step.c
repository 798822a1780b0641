/* One update step. See step.h. */
#include "train/step.h"

#include <stdlib.h>
#include <string.h>

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
    *step = (struct step){0};
}

/* Room for n_rows rows, with pointers to them, and n_pairs weights, set to 0. */
static int make_room(struct step *step, size_t n_rows, size_t n_pairs, struct w2v_error *error)
{
    const char *what = "a training step";
    if (n_rows > step->rows_capacity) {
        mem_unmap(&step->rows);
        step->rows_capacity = 0;
        int status =
            mem_map(&step->rows, mem_product(2 * n_rows, step->dim), sizeof(float), what, error);
        if (status == W2V_OK)
            status = mem_grow(&step->row, &step->row_capacity, 2 * n_rows, sizeof *step->row, what,
                              error);
        if (status == W2V_OK)
            status = mem_grow(&step->pairs, &step->n_pairs_capacity, 2 * n_rows,
                              sizeof *step->pairs, what, error);
        if (status != W2V_OK)
            return status;
        step->rows_capacity = 2 * n_rows;
        for (size_t i = 0; i < step->rows_capacity; i++)
            step->row[i] = (float *)step->rows.bytes + i * step->dim;
    }
    n_pairs = kernel_pad(n_pairs);
    int status =
        mem_grow(&step->weight, &step->pairs_capacity, n_pairs, sizeof *step->weight, what, error);
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

/* Negative rows weigh as often as they were drawn, for each of the input row's pairs. */
static void weigh_negatives(const struct step *step, const struct plan *plan,
                            const struct plan_block *block, float *weight, float n_pairs)
{
    for (uint32_t j = block->n_positive; j < block->n_out; j++)
        weight[j] = -step->negative_weight * n_pairs * (float)plan->times[block->out + j];
}

int step_skipgram(struct step *step, const struct plan *plan, const struct plan_block *block,
                  float *const *in, float *const *out, float rate, struct step_result *result,
                  struct w2v_error *error)
{
    const struct kernel *kernel = step->kernel;
    size_t n_in = block->n_in, n_out = block->n_out, n = n_in * n_out, n_pairs = 0;
    *result = (struct step_result){0};
    if (n_in == 0)
        return W2V_OK;
    int status = make_room(step, n_in, n, error);
    if (status != W2V_OK)
        return status;
    memset(step->pairs, 0, n_in * sizeof *step->pairs);
    for (uint32_t c = block->first_centre; c < block->first_centre + block->n_centres; c++) {
        const struct plan_centre *centre = &plan->centres[c];
        const uint32_t *row = plan->place_row + block->rows;
        for (uint32_t place = centre->begin; place < centre->end; place++) {
            if (place == centre->place)
                continue;
            uint32_t i = row[place - block->begin];
            step->weight[i * n_out + centre->out] += 1;
            step->pairs[i] += 1;
        }
        n_pairs += centre->end - centre->begin - 1;
    }
    if (n_pairs == 0)
        return W2V_OK;
    for (size_t i = 0; i < n_in; i++) {
        weigh_negatives(step, plan, block, step->weight + i * n_out, step->pairs[i]);
        memcpy(old_row(step, i), in[i], step->dim * sizeof(float));
    }
    kernel->dots(step->row, n_in, (const float *const *)out, n_out, step->dim, step->score, n_out);
    result->loss = (double)kernel->logistic(step->score, step->weight, kernel_pad(n), rate);
    kernel->accumulate(in, n_in, (const float *const *)out, n_out, step->dim, step->score, n_out,
                       1);
    kernel->accumulate(out, n_out, step->row, n_in, step->dim, step->score, 1, n_out);
    result->n_predictions = n_pairs;
    return W2V_OK;
}

int step_cbow(struct step *step, const struct plan *plan, const struct plan_block *block,
              float *const *in, float *const *out, float rate, struct step_result *result,
              struct w2v_error *error)
{
    const struct kernel *kernel = step->kernel;
    size_t n_in = block->n_in, n_out = block->n_out;
    *result = (struct step_result){0};
    if (n_in == 0)
        return W2V_OK;
    int status = make_room(step, n_in > 2 ? n_in : 2, n_out, error);
    if (status != W2V_OK)
        return status;
    const struct plan_centre *centre = &plan->centres[block->first_centre];
    float *mean = old_row(step, 0), *change = old_row(step, 1), *share = step->pairs;
    const float each = 1 / (float)(centre->end - centre->begin - 1);
    memset(share, 0, n_in * sizeof *share);
    for (uint32_t place = centre->begin; place < centre->end; place++)
        if (place != centre->place)
            share[plan->place_row[block->rows + (place - block->begin)]] += each;
    memset(mean, 0, 2 * step->dim * sizeof *mean);
    kernel->accumulate(&mean, 1, (const float *const *)in, n_in, step->dim, share, 0, 1);
    step->weight[centre->out] = 1;
    weigh_negatives(step, plan, block, step->weight, 1);
    kernel->dots((const float *const *)&mean, 1, (const float *const *)out, n_out, step->dim,
                 step->score, n_out);
    result->loss = (double)kernel->logistic(step->score, step->weight, kernel_pad(n_out), rate);
    kernel->accumulate(&change, 1, (const float *const *)out, n_out, step->dim, step->score, 0, 1);
    kernel->accumulate(out, n_out, (const float *const *)&mean, 1, step->dim, step->score, 1, 0);
    kernel->accumulate(in, n_in, (const float *const *)&change, 1, step->dim, share, 1, 0);
    result->n_predictions = 1;
    return W2V_OK;
}
