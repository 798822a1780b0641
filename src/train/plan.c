/* Planning blocks of windows. See plan.h. */
#include "train/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Streams of random numbers under the run's seed; initial values have another (trainer.c). */
enum { STREAM_TOKENS = 1, STREAM_NEGATIVES = 2 };

enum { NO_ROW = UINT32_MAX };

struct plan_slot {
    uint32_t row, stamp, index;
};

struct plan_use {
    uint32_t block, as;
};

void plan_release(struct plan *plan)
{
    free(plan->kept);
    free(plan->line_begin);
    free(plan->centres);
    free(plan->blocks);
    free(plan->rows);
    free(plan->in);
    free(plan->out);
    free(plan->place_input);
    free(plan->times);
    free(plan->touched);
    free(plan->pool);
    free(plan->pool_row);
    free(plan->kept_row);
    free(plan->use);
    free(plan->slots);
    *plan = (struct plan){0};
}

#define GROW(array, capacity, need) \
    mem_grow(&(array), &(capacity), (need), sizeof *(array), "a round's plan", error)

/* Everything that the passes below share. */
struct planner {
    struct plan *plan;
    const struct corpus *corpus;
    const struct sampler *sampler;
    const struct plan_options *options;
    uint64_t token_key, negative_key;
    size_t begin, end;
};

static inline void keep_word(struct plan *plan, uint32_t word, size_t line_begin)
{
    plan->line_begin[plan->n_kept] = (uint32_t)line_begin;
    plan->kept[plan->n_kept++] = word;
}

/* The kept tokens in front of the stretch that its first windows may reach. */
static int keep_before(struct planner *planner, struct w2v_error *error)
{
    struct plan *plan = planner->plan;
    const uint32_t *ids = planner->corpus->ids;
    unsigned window = planner->options->window;
    int status = GROW(plan->kept, plan->kept_capacity, window);
    if (status == W2V_OK)
        status = GROW(plan->line_begin, plan->line_capacity, window);
    if (status != W2V_OK)
        return status;
    for (size_t at = planner->begin; at > 0 && plan->n_kept < window;) {
        uint32_t token = ids[--at];
        if (token & CORPUS_LINE_END)
            break;
        uint64_t bits = rng_at(planner->token_key, at);
        if (sampler_keeps(planner->sampler, token, (uint32_t)(bits >> 32)))
            keep_word(plan, token, 0);
    }
    for (size_t i = 0, j = plan->n_kept; i + 1 < j; i++) { /* they came in reverse */
        uint32_t word = plan->kept[i];
        plan->kept[i] = plan->kept[--j];
        plan->kept[j] = word;
    }
    return W2V_OK;
}

/* The stretch itself: what is left of it, each a centre with the window it drew. */
static int keep_centres(struct planner *planner, size_t *line, struct w2v_error *error)
{
    struct plan *plan = planner->plan;
    const struct plan_options *options = planner->options;
    const uint32_t *ids = planner->corpus->ids;
    size_t n = planner->end - planner->begin, most = plan->n_kept + n + options->window;
    int status = GROW(plan->kept, plan->kept_capacity, most);
    if (status == W2V_OK)
        status = GROW(plan->line_begin, plan->line_capacity, most);
    if (status == W2V_OK)
        status = GROW(plan->centres, plan->centres_capacity, n);
    if (status != W2V_OK)
        return status;
    /* Written always, counted when kept: as a branch it would be mispredicted half of the time. */
    size_t n_kept = plan->n_kept, n_centres = 0;
    for (size_t at = planner->begin; at < planner->end; at++) {
        uint32_t token = ids[at], word = CORPUS_ID(token);
        uint64_t bits = rng_at(planner->token_key, at);
        uint32_t reach = options->fixed_window ? options->window
                                               : 1 + rng_below((uint32_t)bits, options->window);
        size_t keeps = sampler_keeps(planner->sampler, word, (uint32_t)(bits >> 32));
        plan->centres[n_centres] = (struct plan_centre){.place = (uint32_t)n_kept, .end = reach};
        plan->kept[n_kept] = word;
        plan->line_begin[n_kept] = (uint32_t)*line;
        n_centres += keeps;
        n_kept += keeps;
        if (token & CORPUS_LINE_END)
            *line = n_kept;
    }
    plan->n_kept = n_kept;
    plan->n_centres = n_centres;
    return W2V_OK;
}

/* The kept tokens behind the stretch, up to the line's end; keep_centres made room for them. */
static void keep_after(struct planner *planner, size_t line)
{
    struct plan *plan = planner->plan;
    const struct corpus *corpus = planner->corpus;
    size_t most = plan->n_kept + planner->options->window;
    if (line == plan->n_kept) /* the stretch ends with a line, or kept nothing of its last one */
        return;
    for (size_t at = planner->end; at < corpus->n_tokens && plan->n_kept < most; at++) {
        uint32_t token = corpus->ids[at], word = CORPUS_ID(token);
        uint64_t bits = rng_at(planner->token_key, at);
        if (sampler_keeps(planner->sampler, word, (uint32_t)(bits >> 32)))
            keep_word(plan, word, line);
        if (token & CORPUS_LINE_END)
            break;
    }
}

/* Cuts every drawn window at its line's ends. Lines are contiguous, so one walk from behind. */
static void cut_windows(struct plan *plan)
{
    size_t line_end = plan->n_kept, place = line_end;
    for (size_t c = plan->n_centres; c > 0; c--) {
        struct plan_centre *centre = &plan->centres[c - 1];
        for (; place > centre->place + 1; place--)
            if (plan->line_begin[place - 1] != plan->line_begin[place - 2])
                line_end = place - 1;
        uint32_t reach = centre->end, at = centre->place, first = plan->line_begin[at];
        centre->begin = at - first > reach ? at - reach : first;
        centre->end = line_end - at > reach + 1 ? at + reach + 1 : (uint32_t)line_end;
    }
}

/* Empties the hash table, which at most n rows will be put in. */
static int clear_slots(struct plan *plan, size_t n, struct w2v_error *error)
{
    if (plan->n_slots < 2 * n || plan->stamp == UINT32_MAX) {
        size_t n_slots = 64;
        while (n_slots < 2 * n)
            n_slots *= 2;
        free(plan->slots);
        plan->n_slots = 0;
        plan->slots = mem_calloc(n_slots, sizeof *plan->slots, "a round's plan", error);
        if (plan->slots == NULL)
            return W2V_ENOMEM;
        plan->n_slots = n_slots;
        plan->stamp = 0;
    }
    plan->stamp++;
    return W2V_OK;
}

/* The index of a row in plan.rows, which it joins if it is new. */
static inline uint32_t list_row(struct plan *plan, uint32_t row)
{
    uint32_t mask = (uint32_t)plan->n_slots - 1, at = (row * 0x9e3779b1u >> 7) & mask;
    for (; plan->slots[at].stamp == plan->stamp; at = (at + 1) & mask)
        if (plan->slots[at].row == row)
            return plan->slots[at].index;
    uint32_t index = (uint32_t)plan->n_rows++;
    plan->slots[at] = (struct plan_slot){row, plan->stamp, index};
    plan->rows[index] = row;
    plan->use[index].block = UINT32_MAX;
    return index;
}

/* As what block b has the row at `index`: as `next` if it did not have it yet. */
static inline uint32_t use_row(struct plan *plan, uint32_t index, uint32_t b, uint32_t next)
{
    struct plan_use *use = &plan->use[index];
    if (use->block != b)
        *use = (struct plan_use){b, next};
    return use->as;
}

/* The block's input rows: the words its windows cover; of a single window, without its centre. */
static void block_inputs(struct plan *plan, uint32_t b)
{
    struct plan_block *block = &plan->blocks[b];
    const uint32_t alone =
        block->n_centres > 1 ? UINT32_MAX : plan->centres[block->first_centre].place;
    uint32_t *in = plan->in + plan->n_in, *inputs = plan->place_input + plan->n_inputs, n_in = 0;
    for (uint32_t place = block->begin; place < block->end; place++) {
        uint32_t as = 0;
        if (place != alone) {
            if (plan->kept_row[place] == NO_ROW)
                plan->kept_row[place] = list_row(plan, plan->kept[place]);
            as = use_row(plan, plan->kept_row[place], b, n_in);
            in[n_in] = plan->kept_row[place]; /* counted if it is new */
            n_in += as == n_in;
        }
        *inputs++ = as;
    }
    block->in = (uint32_t)plan->n_in;
    block->inputs = (uint32_t)plan->n_inputs;
    block->n_in = n_in;
    plan->n_in += n_in;
    plan->n_inputs += block->end - block->begin;
}

/* The block's output rows: its centres, then negatives that are none of them. */
static void block_outputs(const struct planner *planner, uint32_t b, size_t n_pool)
{
    struct plan *plan = planner->plan;
    struct plan_block *block = &plan->blocks[b];
    const uint32_t n_words = planner->sampler->n_words;
    const unsigned n_negatives = planner->options->block_negatives;
    uint32_t *out = plan->out + plan->n_out, *times = plan->times + plan->n_out, n_out = 0;
    for (uint32_t c = block->first_centre; c < block->first_centre + block->n_centres; c++) {
        uint32_t row = list_row(plan, n_words + plan->kept[plan->centres[c].place]);
        uint32_t as = use_row(plan, row, b, n_out);
        plan->centres[c].out = as;
        out[n_out] = row;
        times[n_out] = 1;
        n_out += as == n_out;
    }
    block->n_positive = n_out;
    size_t next = (size_t)b * n_negatives % n_pool;
    for (unsigned i = 0; i < n_negatives; i++) {
        if (plan->pool_row[next] == NO_ROW)
            plan->pool_row[next] = list_row(plan, n_words + plan->pool[next]);
        uint32_t row = plan->pool_row[next], as = use_row(plan, row, b, n_out);
        next = next + 1 < n_pool ? next + 1 : 0;
        if (as < n_out) {
            times[as] += as >= block->n_positive;
            continue;
        }
        out[n_out] = row;
        times[n_out++] = 1;
    }
    block->out = (uint32_t)plan->n_out;
    block->n_out = n_out;
    plan->n_out += n_out;
}

/* The pool at once: its table look-ups wait for memory together. */
static int draw_pool(struct planner *planner, size_t n, struct w2v_error *error)
{
    struct plan *plan = planner->plan;
    int status = GROW(plan->pool, plan->pool_capacity, n);
    if (status == W2V_OK)
        status = GROW(plan->pool_row, plan->pool_row_capacity, n);
    for (size_t i = 0; i < n && status == W2V_OK; i++) {
        plan->pool[i] = sampler_negative(planner->sampler, rng_at(planner->negative_key, i));
        plan->pool_row[i] = NO_ROW;
    }
    return status;
}

/* Cuts the centres into blocks; *n_places: how many places all of them cover, one by one. */
static int cut_blocks(struct planner *planner, size_t *n_places, struct w2v_error *error)
{
    struct plan *plan = planner->plan;
    const size_t most = planner->options->block_windows;
    int status = GROW(plan->blocks, plan->blocks_capacity, (plan->n_centres + most - 1) / most);
    *n_places = 0;
    for (size_t c = 0; c < plan->n_centres && status == W2V_OK; c += most) {
        size_t n = plan->n_centres - c < most ? plan->n_centres - c : most;
        struct plan_block block = {.first_centre = (uint32_t)c, .n_centres = (uint32_t)n};
        block.begin = plan->centres[c].begin;
        for (size_t i = c; i < c + n; i++) {
            if (plan->centres[i].begin < block.begin)
                block.begin = plan->centres[i].begin;
            if (plan->centres[i].end > block.end)
                block.end = plan->centres[i].end;
        }
        plan->blocks[plan->n_blocks++] = block;
        *n_places += block.end - block.begin;
    }
    return status;
}

static int make_blocks(struct planner *planner, struct w2v_error *error)
{
    struct plan *plan = planner->plan;
    const unsigned n_negatives = planner->options->block_negatives;
    size_t n_places, n_pool, most_out, most_rows;
    int status = cut_blocks(planner, &n_places, error);
    n_pool = plan->n_blocks * n_negatives;
    most_out = plan->n_centres + n_pool;
    n_pool = n_pool < planner->options->pool ? n_pool : planner->options->pool;
    most_rows = plan->n_kept + plan->n_centres + n_pool;
    if (status == W2V_OK)
        status = draw_pool(planner, n_pool, error);
    if (status == W2V_OK)
        status = GROW(plan->in, plan->in_capacity, n_places);
    if (status == W2V_OK)
        status = GROW(plan->place_input, plan->inputs_capacity, n_places);
    if (status == W2V_OK)
        status = GROW(plan->out, plan->out_capacity, most_out);
    if (status == W2V_OK)
        status = GROW(plan->times, plan->times_capacity, most_out);
    if (status == W2V_OK)
        status = GROW(plan->kept_row, plan->kept_row_capacity, plan->n_kept);
    if (status == W2V_OK)
        status = GROW(plan->rows, plan->rows_capacity, most_rows);
    if (status == W2V_OK)
        status = GROW(plan->use, plan->use_capacity, most_rows);
    if (status == W2V_OK)
        status = clear_slots(plan, most_rows, error);
    if (status != W2V_OK)
        return status;
    for (size_t i = 0; i < plan->n_kept; i++)
        plan->kept_row[i] = NO_ROW;
    for (uint32_t b = 0; b < plan->n_blocks; b++) {
        block_inputs(plan, b);
        block_outputs(planner, b, n_pool);
        plan->blocks[b].rows_end = (uint32_t)plan->n_rows;
    }
    return W2V_OK;
}

/* Lists the rows by owner: a counting sort. */
static int list_touched(struct plan *plan, struct w2v_error *error)
{
    size_t next[PLAN_OWNERS] = {0};
    int status = GROW(plan->touched, plan->touched_capacity, plan->n_rows);
    if (status != W2V_OK)
        return status;
    for (size_t i = 0; i < plan->n_rows; i++)
        next[plan_owner(plan->rows[i])]++;
    plan->owner_begin[0] = 0;
    for (size_t o = 0; o < PLAN_OWNERS; o++) {
        plan->owner_begin[o + 1] = plan->owner_begin[o] + next[o];
        next[o] = plan->owner_begin[o];
    }
    for (size_t i = 0; i < plan->n_rows; i++)
        plan->touched[next[plan_owner(plan->rows[i])]++] = plan->rows[i];
    return W2V_OK;
}

int plan_build(struct plan *plan, const struct corpus *corpus, const struct sampler *sampler,
               const struct plan_options *options, size_t begin, size_t end, uint64_t epoch,
               uint64_t draw, struct w2v_error *error)
{
    struct planner planner = {
        .plan = plan,
        .corpus = corpus,
        .sampler = sampler,
        .options = options,
        .token_key = rng_key(rng_key(options->seed, STREAM_TOKENS), epoch),
        .negative_key = rng_key(rng_key(options->seed, STREAM_NEGATIVES), draw),
        .begin = begin,
        .end = end,
    };
    plan->n_kept = plan->n_centres = plan->n_blocks = plan->n_rows = plan->n_in = plan->n_out =
        plan->n_inputs = 0;
    size_t line = 0;
    int status = keep_before(&planner, error);
    if (status == W2V_OK)
        status = keep_centres(&planner, &line, error);
    if (status != W2V_OK)
        return status;
    keep_after(&planner, line);
    cut_windows(plan);
    status = make_blocks(&planner, error);
    if (status == W2V_OK)
        status = list_touched(plan, error);
    return status;
}
