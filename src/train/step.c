/* One training step. See step.h. */
#include "train/step.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* How many rows a kernel call gets, and how many are prefetched between two calls of CBOW. */
enum { ROWS_AT_ONCE = 4, ROWS_AHEAD = 4 };

/* A step has at most so many updates. Only absurd rates need more than a few. */
enum { MOST_UPDATES = 4096 };

/*
 * The bound of 1 in objective.h holds for all directions and scores. It is tight only if all rows
 * are parallel and all scores are 0, so 2 is used instead. tests/unit/test_sound.c finds no block
 * whose objective rises with 2; with 4 it finds some.
 */
#define BOUND 2.0f

void step_init(struct step *step, const struct kernel *kernel, const struct objective *objective)
{
    *step = (struct step){.kernel = kernel, .objective = objective, .dim = objective->layout.dim};
}

void step_release(struct step *step)
{
    mem_unmap(&step->rows);
    free(step->row);
    free(step->times);
    free(step->in_pull);
    free(step->in_sum);
    free(step->out_pull);
    free(step->out_sum);
    free(step->each);
    free(step->weight);
    free(step->score);
    free(step->part);
    free(step->moved);
    *step = (struct step){0};
}

static const char what[] = "a training step";

/* Makes room for `need` floats. The old values are lost. */
static int renew(float **array, size_t need, struct w2v_error *error)
{
    free(*array);
    *array = mem_calloc(need, sizeof **array, what, error);
    return *array != NULL ? W2V_OK : W2V_ENOMEM;
}

static int make_inputs(struct step *step, size_t n, struct w2v_error *error)
{
    step->in_capacity = 0;
    mem_unmap(&step->rows);
    free(step->row);
    step->row = mem_calloc(2 * n, sizeof *step->row, what, error);
    int status = step->row != NULL ? W2V_OK : W2V_ENOMEM;
    if (status == W2V_OK)
        status = mem_map(&step->rows, mem_product(2 * n, step->dim), sizeof(float), what, error);
    if (status == W2V_OK)
        status = renew(&step->times, n, error);
    if (status == W2V_OK)
        status = renew(&step->in_pull, n, error);
    if (status == W2V_OK)
        status = renew(&step->in_sum, n, error);
    for (size_t i = 0; i < 2 * n && status == W2V_OK; i++)
        step->row[i] = (float *)step->rows.bytes + i * step->dim;
    step->in_capacity = status == W2V_OK ? n : 0;
    return status;
}

static int make_outputs(struct step *step, size_t n, struct w2v_error *error)
{
    int status = renew(&step->out_pull, n, error);
    if (status == W2V_OK)
        status = renew(&step->out_sum, n, error);
    if (status == W2V_OK)
        status = renew(&step->each, n, error);
    step->out_capacity = status == W2V_OK ? n : 0;
    return status;
}

static int make_pairs(struct step *step, size_t n, struct w2v_error *error)
{
    int status = renew(&step->weight, n, error);
    if (status == W2V_OK)
        status = renew(&step->score, n, error);
    if (status == W2V_OK)
        status = renew(&step->part, n, error);
    step->pairs_capacity = status == W2V_OK ? n : 0;
    return status;
}

/* Room for n_in input rows, n_out output rows and the weights of all their pairs, set to 0. */
static int make_step_room(struct step *step, size_t n_in, size_t n_out, struct w2v_error *error)
{
    const size_t n_pairs = kernel_pad(n_in * n_out);
    int status = W2V_OK;
    if (n_in > step->in_capacity)
        status = make_inputs(step, 2 * n_in, error);
    if (n_out > step->out_capacity && status == W2V_OK)
        status = make_outputs(step, 2 * n_out, error);
    if (n_pairs > step->pairs_capacity && status == W2V_OK)
        status = make_pairs(step, 2 * n_pairs, error);
    if (status == W2V_OK)
        memset(step->weight, 0, n_pairs * sizeof *step->weight);
    return status;
}

static float *old_row(struct step *step, size_t i)
{
    return (float *)step->rows.bytes + i * step->dim;
}

/* Prefetches the next n of the rows that later steps need. */
static inline void fetch_rows(struct step *step, size_t n)
{
    for (; n > 0 && step->next_ahead < step->n_ahead; n--)
        kernel_fetch(step->ahead[step->next_ahead++], step->dim);
}

static inline void fetch_ahead(struct step *step)
{
    fetch_rows(step, ROWS_AHEAD);
}

/* Sets *in to the rows to move: instead of a frozen row, a spare one that nobody reads. */
static int replace_frozen(struct step *step, const struct plan *plan,
                          const struct plan_block *block, float *const **in,
                          struct w2v_error *error)
{
    if (step->frozen == NULL)
        return W2V_OK;
    int status = mem_grow(&step->moved, &step->moved_capacity, block->n_in, sizeof *step->moved,
                          what, error);
    if (status != W2V_OK)
        return status;
    for (uint32_t i = 0; i < block->n_in; i++)
        step->moved[i] = step->frozen[plan->rows[plan->in[block->in + i]]]
                             ? old_row(step, step->in_capacity + i)
                             : (*in)[i];
    *in = step->moved;
    return W2V_OK;
}

static size_t at_most(size_t n)
{
    return n < ROWS_AT_ONCE ? n : ROWS_AT_ONCE;
}

/*
 * In the bound a row counts as at most 6 long. The scores of longer rows are so large that the
 * slope of the logistic function is far below 1/4. Their true length would only make training slow.
 */
static const float LONGEST_SQUARE = 36;

/* The pull of a row in the bound of objective.h: rate (square / 4 + 1 / 2). */
static inline float pull_of(float square, float rate)
{
    if (rate > STEP_SOUND_RATE) /* no bound */
        return 0;
    return rate * (0.25f * (square < LONGEST_SQUARE ? square : LONGEST_SQUARE) + 0.5f);
}

/* Finds the pulls of the rows. Returns the largest. */
static float find_pulls(const struct step *step, const float *const *rows, size_t n, float rate,
                        float *pull)
{
    float most = 0;
    step->kernel->squares(rows, n, step->dim, pull);
    for (size_t i = 0; i < n; i++) {
        pull[i] = pull_of(pull[i], rate);
        most = pull[i] > most ? pull[i] : most;
    }
    return most;
}

/* The rows of a block of skip-gram, and the weights of their pairs. */
struct block_rows {
    float *const *in, *const *moved, *const *out; /* moved: in, but spare rows for frozen ones */
    size_t n_in, n_out;
    const float *weight;     /* (n_in, n_out) */
    float in_most, out_most; /* the largest sum of |weight| of one row */
};

/*
 * How many rows an update prefetches before each kernel call on n_in and n_out rows. All calls but
 * the last two share the rows evenly. A burst of prefetches would have to wait for memory, and rows
 * that the last two calls prefetched would come too late for the next block.
 */
static size_t fetch_share(const struct step *step, size_t n_in, size_t n_out)
{
    const size_t n_calls = 2 * ((n_in + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE) +
                           (n_out + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE - 2;
    return (step->n_ahead - step->next_ahead + n_calls - 1) / n_calls;
}

/* Moves the rows of the block once, by these weights. Returns the loss before that. */
static double update(struct step *step, const struct block_rows *block, const float *weight,
                     float rate)
{
    const struct kernel *kernel = step->kernel;
    const float *const *old = step->row, *const *old_out = (const float *const *)block->out;
    const size_t n_in = block->n_in, n_out = block->n_out, dim = step->dim;
    const size_t n = kernel_pad(n_in * n_out), ahead = fetch_share(step, n_in, n_out);
    memset(step->score + n - KERNEL_LANES, 0, KERNEL_LANES * sizeof *step->score);
    for (size_t i = 0; i < n_in; i += ROWS_AT_ONCE) {
        const size_t m = at_most(n_in - i);
        fetch_rows(step, ahead);
        for (size_t r = i; r < i + m; r++)
            memcpy(old_row(step, r), block->in[r], dim * sizeof(float));
        kernel->dots(old + i, m, old_out, n_out, dim, step->score + i * n_out, n_out);
    }
    const double loss = (double)kernel->logistic(step->score, weight, n, rate);
    for (size_t i = 0; i < n_in; i += ROWS_AT_ONCE) {
        fetch_rows(step, ahead);
        kernel->accumulate(block->moved + i, at_most(n_in - i), old_out, n_out, dim,
                           step->score + i * n_out, n_out, 1);
    }
    for (size_t j = 0; j < n_out; j += ROWS_AT_ONCE) {
        fetch_rows(step, ahead);
        kernel->accumulate(block->out + j, at_most(n_out - j), old, n_in, dim, step->score + j, 1,
                           n_out);
    }
    return loss;
}

/*
 * The largest sum in the bound for the present rows. Where a simpler limit is already within the
 * bound, returns that instead: (the largest sum of weights of one row) x (the largest pull).
 */
static float find_sum(struct step *step, const struct block_rows *block, float rate)
{
    const size_t n_in = block->n_in, n_out = block->n_out;
    const float *const *in = (const float *const *)block->in;
    const float *const *out = (const float *const *)block->out;
    float most = fmaxf(block->in_most, block->out_most) * pull_of(LONGEST_SQUARE, rate);
    if (most <= BOUND)
        return most;
    const float in_pull = find_pulls(step, in, n_in, rate, step->in_pull);
    const float out_pull = find_pulls(step, out, n_out, rate, step->out_pull);
    most = fmaxf(block->in_most * out_pull, block->out_most * in_pull);
    if (most <= BOUND)
        return most;
    most = 0;
    memset(step->out_sum, 0, n_out * sizeof *step->out_sum);
    for (size_t i = 0; i < n_in; i++) {
        const float *weight = block->weight + i * n_out;
        float sum = 0;
        for (size_t j = 0; j < n_out; j++) {
            const float w = fabsf(weight[j]);
            sum += w * step->out_pull[j];
            step->out_sum[j] += w * step->in_pull[i];
        }
        most = sum > most ? sum : most;
    }
    for (size_t j = 0; j < n_out; j++)
        most = step->out_sum[j] > most ? step->out_sum[j] : most;
    return most;
}

/* The share of the weights for the next update. `left` is 1 minus the shares so far. */
static float next_share(float sum, float left, size_t n_updates)
{
    return sum * left <= BOUND || n_updates + 1 == MOST_UPDATES ? left : BOUND / sum;
}

/* The n weights times the share, padded with zeros to whole vectors. */
static const float *take_share(struct step *step, const float *weight, size_t n, float share)
{
    for (size_t i = 0; i < n; i++)
        step->part[i] = weight[i] * share;
    for (size_t i = n; i < kernel_pad(n); i++)
        step->part[i] = 0;
    return step->part;
}

/* Trains a block whose largest sum is above the bound. */
static double update_by_shares(struct step *step, const struct block_rows *block, float sum,
                               float rate)
{
    const size_t n = block->n_in * block->n_out;
    float left = 1;
    double loss = 0;
    for (size_t i = 0; left > 0; i++) {
        const float share = next_share(i == 0 ? sum : find_sum(step, block, rate), left, i);
        loss += update(step, block, take_share(step, block->weight, n, share), rate);
        left -= share;
    }
    return loss;
}

int step_skipgram(struct step *step, const struct plan *plan, const struct plan_block *block,
                  float *const *in, float *const *out, float rate, struct step_result *result,
                  struct w2v_error *error)
{
    const size_t n_in = block->n_in, n_out = block->n_out;
    *result = (struct step_result){0};
    if (n_in == 0 || n_out == 0)
        return W2V_OK;
    int status = make_step_room(step, n_in, n_out, error);
    float *const *moved = in;
    if (status == W2V_OK)
        status = replace_frozen(step, plan, block, &moved, error);
    if (status != W2V_OK)
        return status;
    struct objective_pairs pairs = {
        .weight = step->weight, .times = step->times, .each = step->each};
    result->n_predictions = step->objective->kind->weigh(step->objective, plan, block, &pairs);
    if (result->n_predictions == 0)
        return W2V_OK;
    const struct block_rows rows = {in,    moved,        out,           n_in,
                                    n_out, step->weight, pairs.in_most, pairs.out_most};
    const float sum = find_sum(step, &rows, rate);
    result->loss = sum <= BOUND ? update(step, &rows, step->weight, rate)
                                : update_by_shares(step, &rows, sum, rate);
    return W2V_OK;
}

/* A window of CBOW while it is trained. */
struct window {
    float *const *in, *const *moved, *const *out;
    size_t n_in, n_out;
    const float *share; /* the share of each input row in the mean */
    const float *move;  /* the moves of the input rows, as factors of the mean's gradient step */
    float gain;         /* the move of the mean, likewise */
};

static float *window_mean(struct step *step)
{
    return old_row(step, 0);
}

static void find_mean(struct step *step, const struct window *window)
{
    float *mean = window_mean(step);
    memset(mean, 0, step->dim * sizeof *mean);
    step->kernel->accumulate(&mean, 1, (const float *const *)window->in, window->n_in, step->dim,
                             window->share, 0, 1);
}

/* As find_sum, for a window. The mean moves `gain` times as far as its gradient says. */
static float find_window_sum(struct step *step, const struct window *window, float rate)
{
    float *mean = window_mean(step), pull, all = 0, sum = 0, most = 0;
    for (size_t j = 0; j < window->n_out; j++) {
        const float w = fabsf(step->weight[j]);
        all += w;
        most = w > most ? w : most;
    }
    const float bound = fmaxf(window->gain * all, most) * pull_of(LONGEST_SQUARE, rate);
    if (bound <= BOUND)
        return bound;
    find_pulls(step, (const float *const *)&mean, 1, rate, &pull);
    find_pulls(step, (const float *const *)window->out, window->n_out, rate, step->out_pull);
    for (size_t j = 0; j < window->n_out; j++)
        sum += fabsf(step->weight[j]) * step->out_pull[j];
    return fmaxf(window->gain * sum, most * pull);
}

/* Moves the rows of the window once, by these weights. Returns the loss before that. */
static double update_window(struct step *step, const struct window *window, const float *weight,
                            float rate)
{
    const struct kernel *kernel = step->kernel;
    const float *const *old_out = (const float *const *)window->out;
    const size_t n_out = window->n_out, dim = step->dim, n = kernel_pad(n_out);
    float *mean = window_mean(step), *change = old_row(step, 1);
    const float *const *const means = (const float *const *)&mean;
    memset(change, 0, dim * sizeof *change);
    memset(step->score + n - KERNEL_LANES, 0, KERNEL_LANES * sizeof *step->score);
    fetch_ahead(step);
    kernel->dots(means, 1, old_out, n_out, dim, step->score, n_out);
    const double loss = (double)kernel->logistic(step->score, weight, n, rate);
    fetch_ahead(step);
    kernel->accumulate(&change, 1, old_out, n_out, dim, step->score, 0, 1);
    kernel->accumulate(window->out, n_out, means, 1, dim, step->score, 1, 0);
    kernel->accumulate(window->moved, window->n_in, (const float *const *)&change, 1, dim,
                       window->move, 1, 0);
    return loss;
}

static double train_window(struct step *step, const struct window *window, float rate)
{
    float left = 1;
    double loss = 0;
    for (size_t i = 0; left > 0; i++) {
        find_mean(step, window);
        const float share = next_share(find_window_sum(step, window, rate), left, i);
        loss += update_window(
            step, window,
            share < 1 ? take_share(step, step->weight, window->n_out, share) : step->weight, rate);
        left -= share;
    }
    return loss;
}

int step_cbow(struct step *step, const struct plan *plan, const struct plan_block *block,
              float *const *in, float *const *out, float rate, struct step_result *result,
              struct w2v_error *error)
{
    const size_t n_in = block->n_in, n_out = block->n_out;
    *result = (struct step_result){0};
    if (n_in == 0 || n_out == 0)
        return W2V_OK;
    int status = make_step_room(step, n_in > 2 ? n_in : 2, n_out, error);
    float *const *moved = in;
    if (status == W2V_OK)
        status = replace_frozen(step, plan, block, &moved, error);
    if (status != W2V_OK)
        return status;
    const struct plan_centre *centre = &plan->centres[block->first_centre];
    const float n_contexts = (float)(centre->end - centre->begin - 1), each = 1 / n_contexts;
    float *share = step->times, *move = step->in_sum, squares = 0;
    memset(share, 0, n_in * sizeof *share);
    for (uint32_t place = centre->begin; place < centre->end; place++)
        if (place != centre->place)
            share[plan->place_input[block->inputs + (place - block->begin)]] += each;
    for (size_t i = 0; i < n_in; i++)
        squares += share[i] * share[i];
    const float factor = fminf((float)objective_speed((double)n_contexts), 1 / squares);
    for (size_t i = 0; i < n_in; i++)
        move[i] = share[i] * factor;
    step->objective->kind->weigh_window(step->objective, plan, block, step->weight);
    const struct window window = {in, moved, out, n_in, n_out, share, move, factor * squares};
    fetch_ahead(step);
    result->loss = train_window(step, &window, rate);
    result->n_predictions = 1;
    return W2V_OK;
}
