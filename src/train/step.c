/* One training step. See step.h. */
#include "train/step.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fetch.h"

/* How many rows a kernel call gets. */
enum { ROWS_AT_ONCE = 4 };

/* A step has at most so many updates. Only absurd rates need more than a few. */
enum { MOST_UPDATES = 4096 };

/*
 * A loss counts as curved by at most min(1/4, NEARBY x slope + 1/64) during an update. A logistic loss
 * curves by at most its slope, and the slope grows at most NEARBY times while the score changes by less
 * than log(NEARBY). Scores of pairs with small slopes may change more. Measured; see
 * tests/bench/TUNING.md.
 */
static const float NEARBY = 4;

void step_init(struct step *step, const struct kernel *kernel, const struct objective *objective)
{
    *step = (struct step){.kernel = kernel, .objective = objective, .dim = objective->layout.dim};
}

void step_release(struct step *step)
{
    mem_unmap(&step->rows);
    free(step->row);
    free(step->in_weight);
    free(step->in_square);
    free(step->out_square);
    free(step->out_sum);
    free(step->out_weight);
    free(step->weight);
    free(step->score);
    free(step->attraction);
    free(step->share);
    free(step->move);
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
        status = renew(&step->in_weight, n, error);
    if (status == W2V_OK)
        status = renew(&step->in_square, n, error);
    for (size_t i = 0; i < 2 * n && status == W2V_OK; i++)
        step->row[i] = (float *)step->rows.bytes + i * step->dim;
    step->in_capacity = status == W2V_OK ? n : 0;
    return status;
}

static int make_outputs(struct step *step, size_t n, struct w2v_error *error)
{
    int status = renew(&step->out_square, n, error);
    if (status == W2V_OK)
        status = renew(&step->out_sum, n, error);
    if (status == W2V_OK)
        status = renew(&step->out_weight, n, error);
    step->out_capacity = status == W2V_OK ? n : 0;
    return status;
}

static int make_pairs(struct step *step, size_t n, struct w2v_error *error)
{
    int status = renew(&step->weight, n, error);
    if (status == W2V_OK)
        status = renew(&step->score, n, error);
    step->pairs_capacity = status == W2V_OK ? n : 0;
    return status;
}

static int make_shares(struct step *step, size_t n, struct w2v_error *error)
{
    int status = renew(&step->share, n, error);
    if (status == W2V_OK)
        status = renew(&step->move, n, error);
    step->shares_capacity = status == W2V_OK ? n : 0;
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
    for (; n > 0 && step->next_ahead < step->n_ahead; n--, step->next_ahead++) {
        const float *trained = step->trained_at[step->next_ahead],
                    *row = step->matrix + step->ahead[step->next_ahead] * step->dim;
        if (trained != row)
            fetch_to_read(row, step->dim * sizeof *row);
        fetch_to_write(trained, step->dim * sizeof *trained);
    }
}

static size_t at_most(size_t n)
{
    return n < ROWS_AT_ONCE ? n : ROWS_AT_ONCE;
}

/*
 * In the bound a row counts as at most 6 long. Longer rows have such large scores that losses curve far
 * less than the bound allows for. Their true length would only make training slow.
 */
static const float LONGEST_SQUARE = 36;

/* The largest pull of a row of this square in the bound of objective.h. */
static inline float pull_of(float square, float rate)
{
    if (rate > STEP_SOUND_RATE) /* no bound */
        return 0;
    return rate * (0.125f * square + 0.5f);
}

/* Finds the squares of the lengths of the rows. Returns the largest. */
static float find_squares(const struct step *step, const float *const *rows, size_t n,
                          float *square)
{
    float most = 0;
    step->kernel->squares(rows, n, step->dim, square);
    for (size_t i = 0; i < n; i++) {
        square[i] = square[i] < LONGEST_SQUARE ? square[i] : LONGEST_SQUARE;
        most = square[i] > most ? square[i] : most;
    }
    return most;
}

/* The rows of a block, or the means of its windows and its output rows, and their pairs. */
struct sides {
    const float *const *in, *const *out;
    size_t n_in, n_out;
    const struct objective_pairs *pairs;
    float gain; /* an input may move so many times as far as its gradient step */
};

/*
 * A limit of the largest sum in the bound for the present rows: (the largest sum of weights of one
 * row) x (the largest pull on the other side), for both sides. The lengths of rows are read only if
 * they matter.
 */
static float limit_sum(struct step *step, const struct sides *sides, float rate)
{
    const float in_most = sides->gain * sides->pairs->in_most, out_most = sides->pairs->out_most;
    const float longest = pull_of(LONGEST_SQUARE, rate);
    float most = fmaxf(in_most, out_most) * longest;
    if (most <= 1)
        return most;
    const float out_pull =
        pull_of(find_squares(step, sides->out, sides->n_out, step->out_square), rate);
    if (out_most * longest <= 1 && in_most * out_pull <= 1)
        return fmaxf(out_most * longest, in_most * out_pull);
    const float in_pull =
        pull_of(find_squares(step, sides->in, sides->n_in, step->in_square), rate);
    return fmaxf(in_most * out_pull, out_most * in_pull);
}

/*
 * The largest sum in the bound, from the squares of all rows and the slopes in step->score, which are
 * rate x weight x slope.
 */
static float find_sum(struct step *step, const struct sides *sides, float rate)
{
    const float most_curved = rate / 4, least_curved = rate / 64; /* for a weight of 1 */
    float most = 0;
    memset(step->out_sum, 0, sides->n_out * sizeof *step->out_sum);
    for (size_t i = 0; i < sides->n_in; i++) {
        const float *weight = sides->pairs->weight + i * sides->n_out,
                    *slope = step->score + i * sides->n_out;
        const float in_square = step->in_square[i];
        float sum = 0;
        for (size_t j = 0; j < sides->n_out; j++) {
            const float s = fabsf(slope[j]), w = fabsf(weight[j]),
                        nearby = NEARBY * s + least_curved * w, most_here = most_curved * w,
                        curved = nearby < most_here ? nearby : most_here;
            sum += (curved * step->out_square[j] + s) / 2;
            step->out_sum[j] += (curved * in_square + s) / 2;
        }
        most = sides->gain * sum > most ? sides->gain * sum : most;
    }
    for (size_t j = 0; j < sides->n_out; j++)
        most = step->out_sum[j] > most ? step->out_sum[j] : most;
    return most;
}

/* The rows of a block. */
struct block_rows {
    float *const *in, *const *moved, *const *out; /* moved: in, but spare rows for frozen ones */
    size_t n_in, n_out;
};

/* Sets rows->moved: instead of a frozen row, a spare one that nobody reads. */
static int replace_frozen(struct step *step, const struct plan *plan,
                          const struct plan_block *block, struct block_rows *rows,
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
                             : rows->in[i];
    rows->moved = step->moved;
    return W2V_OK;
}

/* Makes room for a block and for n_old old rows. The caller then fills *pairs. */
static int begin_step(struct step *step, const struct plan *plan, const struct plan_block *block,
                      struct block_rows *rows, size_t n_old, struct objective_pairs *pairs,
                      struct w2v_error *error)
{
    const size_t n_in = rows->n_in > n_old ? rows->n_in : n_old;
    if (rows->n_in == 0 || rows->n_out == 0)
        return W2V_OK;
    int status = make_step_room(step, n_in, rows->n_out, error);
    if (status == W2V_OK)
        status = replace_frozen(step, plan, block, rows, error);
    if (status == W2V_OK)
        *pairs = (struct objective_pairs){
            .weight = step->weight, .in_sum = step->in_weight, .out_sum = step->out_weight};
    return status;
}

/* In how many kernel calls n rows are read or moved. */
static size_t calls_for(size_t n)
{
    return (n + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE;
}

/*
 * How many rows an update of n_calls kernel calls prefetches before each of them. All calls but the
 * last two share the rows evenly. A burst of prefetches would have to wait for memory, and rows
 * that the last two calls prefetched would come too late for the next block.
 */
static size_t fetch_share(const struct step *step, size_t n_calls)
{
    return (step->n_ahead - step->next_ahead + n_calls - 3) / (n_calls - 2);
}

/* Moves contexts toward each other. step->score has the slopes, step->row the old rows. */
static void attract(const struct step *step, const struct block_rows *block)
{
    const size_t n_in = block->n_in, n_out = block->n_out;
    for (size_t i = 0; i < n_in; i++) {
        float *row = step->attraction + i * n_in;
        const float *slope = step->score + i * n_out;
        row[i] = 0;
        for (size_t k = 0; k < i; k++) {
            const float *other = step->score + k * n_out;
            float sum = 0;
            for (size_t j = 0; j < n_out; j++)
                sum += slope[j] * other[j];
            row[k] = step->attraction[k * n_in + i] = sum / 2;
        }
    }
    for (size_t i = 0; i < n_in; i += ROWS_AT_ONCE)
        step->kernel->accumulate(block->moved + i, at_most(n_in - i),
                                 (const float *const *)step->row, n_in, step->dim,
                                 step->attraction + i * n_in, n_in, 1);
}

/* The scores of all pairs, from copies of the input rows. */
static void find_scores(struct step *step, const struct block_rows *block, size_t ahead)
{
    const float *const *out = (const float *const *)block->out;
    for (size_t i = 0; i < block->n_in; i += ROWS_AT_ONCE) {
        const size_t m = at_most(block->n_in - i);
        fetch_rows(step, ahead);
        for (size_t r = i; r < i + m; r++)
            memcpy(old_row(step, r), block->in[r], step->dim * sizeof(float));
        step->kernel->dots((const float *const *)step->row + i, m, out, block->n_out, step->dim,
                           step->score + i * block->n_out, block->n_out);
    }
}

/* Moves the rows of the block by the slopes of their pairs. */
static void move_rows(struct step *step, const struct block_rows *block, size_t ahead)
{
    const float *const *old = step->row, *const *old_out = (const float *const *)block->out;
    const size_t n_in = block->n_in, n_out = block->n_out;
    if (step->objective->attracts)
        attract(step, block);
    for (size_t i = 0; i < n_in; i += ROWS_AT_ONCE) {
        fetch_rows(step, ahead);
        step->kernel->accumulate(block->moved + i, at_most(n_in - i), old_out, n_out, step->dim,
                                 step->score + i * n_out, n_out, 1);
    }
    for (size_t j = 0; j < n_out; j += ROWS_AT_ONCE) {
        fetch_rows(step, ahead);
        step->kernel->accumulate(block->out + j, at_most(n_out - j), old, n_in, step->dim,
                                 step->score + j, 1, n_out);
    }
}

/* One update of a block. The weights of its pairs are taken by shares that add up to 1. */
struct update {
    float limit; /* limit_sum */
    float left;  /* 1 minus the shares of the updates before */
    size_t done; /* updates before */
};

/*
 * Turns the scores of all pairs into slopes, for as large a share of the weights as the bound allows.
 * Returns the loss of this share.
 */
static double find_slopes(struct step *step, const struct sides *sides, float rate,
                          struct update *update)
{
    const size_t n_pairs = sides->n_in * sides->n_out, n = kernel_pad(n_pairs);
    memset(step->score + n_pairs, 0, (n - n_pairs) * sizeof *step->score);
    const double loss = (double)step->kernel->logistic(step->score, sides->pairs->weight, n, rate);
    float share = update->left;
    if (update->limit * share > 1 && update->done + 1 < MOST_UPDATES) {
        const float sum = find_sum(step, sides, rate);
        if (sum * share > 1)
            share = 1 / sum;
    }
    if (share < 1)
        for (size_t i = 0; i < n; i++)
            step->score[i] *= share;
    update->left -= share;
    update->done++;
    return loss * (double)share;
}

/* Trains the block in as many updates as the bound asks for. Returns the loss. */
static double train_block(struct step *step, const struct block_rows *block,
                          const struct objective_pairs *pairs, float rate)
{
    const size_t n_calls = 2 * calls_for(block->n_in) + calls_for(block->n_out);
    const struct sides sides = {(const float *const *)block->in,
                                (const float *const *)block->out,
                                block->n_in,
                                block->n_out,
                                pairs,
                                1};
    struct update update = {.left = 1};
    double loss = 0;
    while (update.left > 0) {
        const size_t ahead = fetch_share(step, n_calls);
        update.limit = limit_sum(step, &sides, rate);
        find_scores(step, block, ahead);
        loss += find_slopes(step, &sides, rate, &update);
        move_rows(step, block, ahead);
    }
    return loss;
}

int step_skipgram(struct step *step, const struct plan *plan, const struct plan_block *block,
                  float *const *in, float *const *out, float rate, struct step_result *result,
                  struct w2v_error *error)
{
    struct block_rows rows = {in, in, out, block->n_in, block->n_out};
    struct objective_pairs pairs;
    *result = (struct step_result){0};
    int status = begin_step(step, plan, block, &rows, block->n_in, &pairs, error);
    if (status == W2V_OK && step->objective->attracts)
        status = mem_grow(&step->attraction, &step->attraction_capacity, rows.n_in * rows.n_in,
                          sizeof *step->attraction, what, error);
    if (status != W2V_OK || rows.n_in == 0 || rows.n_out == 0)
        return status;
    result->n_predictions = step->objective->kind->weigh(step->objective, plan, block, &pairs);
    if (result->n_predictions > 0)
        result->loss = train_block(step, &rows, &pairs, rate);
    return W2V_OK;
}

/* The windows of a block of CBOW while they are trained. */
struct windows {
    struct block_rows rows;
    struct objective_pairs pairs; /* of means and output rows */
    size_t n;
    const float *share; /* (n, n_in), the share of each input row in the mean of each window */
    const float *move;  /* (n, n_in), the moves of input rows, as factors of the means' steps */
    float gain;         /* see step.h */
};

static void find_means(struct step *step, const struct windows *windows)
{
    const struct block_rows *rows = &windows->rows;
    float *mean[OBJECTIVE_MOST_WINDOWS];
    for (size_t w = 0; w < windows->n; w++) {
        mean[w] = old_row(step, w);
        memset(mean[w], 0, step->dim * sizeof *mean[w]);
    }
    step->kernel->accumulate(mean, windows->n, (const float *const *)rows->in, rows->n_in,
                             step->dim, windows->share, rows->n_in, 1);
}

/* Moves the rows of the windows by the slopes of their pairs. */
static void move_windows(struct step *step, const struct windows *windows, size_t ahead)
{
    const struct kernel *kernel = step->kernel;
    const struct block_rows *rows = &windows->rows;
    const float *const *mean = step->row, *const *old_out = (const float *const *)rows->out;
    const size_t n_in = rows->n_in, n_out = rows->n_out, dim = step->dim;
    float *change[OBJECTIVE_MOST_WINDOWS];
    for (size_t w = 0; w < windows->n; w++) {
        change[w] = old_row(step, windows->n + w);
        memset(change[w], 0, dim * sizeof *change[w]);
    }
    fetch_rows(step, ahead);
    kernel->accumulate(change, windows->n, old_out, n_out, dim, step->score, n_out, 1);
    for (size_t j = 0; j < n_out; j += ROWS_AT_ONCE) {
        fetch_rows(step, ahead);
        kernel->accumulate(rows->out + j, at_most(n_out - j), mean, windows->n, dim,
                           step->score + j, 1, n_out);
    }
    for (size_t i = 0; i < n_in; i += ROWS_AT_ONCE) {
        fetch_rows(step, ahead);
        kernel->accumulate(rows->moved + i, at_most(n_in - i), (const float *const *)change,
                           windows->n, dim, windows->move + i, 1, n_in);
    }
}

/* Trains the windows in as many updates as the bound asks for. Returns the loss. */
static double train_windows(struct step *step, const struct windows *windows, float rate)
{
    const struct block_rows *rows = &windows->rows;
    const float *const *out = (const float *const *)rows->out;
    const size_t n_calls = 2 + calls_for(rows->n_in) + calls_for(rows->n_out);
    const struct sides sides = {step->row,       out,          windows->n, rows->n_out,
                                &windows->pairs, windows->gain};
    struct update update = {.left = 1};
    double loss = 0;
    while (update.left > 0) {
        const size_t ahead = fetch_share(step, n_calls);
        find_means(step, windows);
        update.limit = limit_sum(step, &sides, rate);
        fetch_rows(step, ahead);
        step->kernel->dots(step->row, windows->n, out, rows->n_out, step->dim, step->score,
                           rows->n_out);
        loss += find_slopes(step, &sides, rate, &update);
        move_windows(step, windows, ahead);
    }
    return loss;
}

/*
 * Sets a window's shares of the n_in input rows. Returns its speed: a row moves by share x speed. `repeats`
 * tells whether a word may occur in the block twice. If none does, each place has an input row of its own.
 */
static float share_window(const struct plan *plan, const struct plan_block *block,
                          const struct plan_centre *centre, bool repeats, float *share)
{
    const uint32_t *input = plan->place_input + block->inputs;
    const uint32_t n_contexts = centre->end - centre->begin - 1;
    const float each = n_contexts > 0 ? 1 / (float)n_contexts : 0;
    float squares = each;
    memset(share, 0, block->n_in * sizeof *share);
    if (!repeats) {
        for (uint32_t place = centre->begin; place < centre->end; place++)
            share[place - block->begin] = each;
        share[centre->place - block->begin] = 0;
    } else {
        for (uint32_t place = centre->begin; place < centre->end; place++)
            if (place != centre->place)
                share[input[place - block->begin]] += each;
        squares = 0;
        for (size_t i = 0; i < block->n_in; i++)
            squares += share[i] * share[i];
    }
    const float speed = (float)objective_speed(n_contexts);
    return speed * squares > 1 ? 1 / squares : speed;
}

/*
 * Sets the moves of the input rows, and their weights: the sums of |weight| x share x move. Returns the gain
 * of step.h: the largest sum of moves, by the shares of a window.
 */
static float find_moves(const struct windows *windows, const float *speed, float *moves,
                        float *weights)
{
    const size_t n_in = windows->rows.n_in, n = windows->n;
    const float in_most = windows->pairs.in_most;
    float sum[OBJECTIVE_MOST_WINDOWS] = {0}, gain = 0;
    for (size_t i = 0; i < n_in; i++) {
        float all = 0, weight = 0;
        for (size_t w = 0; w < n; w++) {
            const float share = windows->share[w * n_in + i], move = share * speed[w];
            moves[w * n_in + i] = move;
            all += move;
            weight += in_most * share * move;
        }
        for (size_t w = 0; w < n; w++)
            sum[w] += windows->share[w * n_in + i] * all;
        weights[i] = weight;
    }
    for (size_t w = 0; w < n; w++)
        gain = sum[w] > gain ? sum[w] : gain;
    return gain;
}

int step_cbow(struct step *step, const struct plan *plan, const struct plan_block *block,
              float *const *in, float *const *out, float rate, struct step_result *result,
              struct w2v_error *error)
{
    const size_t n_in = block->n_in, n = block->n_centres;
    const bool repeats = n == 1 || n_in < block->end - block->begin;
    struct windows windows = {.rows = {in, in, out, n_in, block->n_out}, .n = n};
    *result = (struct step_result){0};
    int status = begin_step(step, plan, block, &windows.rows, 2 * n, &windows.pairs, error);
    if (status != W2V_OK || n_in == 0 || block->n_out == 0)
        return status;
    if (n * n_in > step->shares_capacity)
        status = make_shares(step, 2 * n * n_in, error);
    if (status != W2V_OK)
        return status;
    float speed[OBJECTIVE_MOST_WINDOWS];
    for (size_t w = 0; w < n; w++)
        speed[w] = share_window(plan, block, &plan->centres[block->first_centre + w], repeats,
                                step->share + w * n_in);
    windows.share = step->share;
    windows.move = step->move;
    result->n_predictions =
        step->objective->kind->weigh_windows(step->objective, plan, block, &windows.pairs);
    windows.gain = find_moves(&windows, speed, step->move, step->in_weight);
    result->loss = train_windows(step, &windows, rate);
    return W2V_OK;
}
