/* Planning blocks of windows. See plan.h. */
#include "train/plan.h"

#include <stdlib.h>
#include <string.h>

#include "train/objective.h"
#include "train/streams.h"
#include "train/whole_line.h"

void plan_tools_release(struct plan_tools *tools)
{
    free(tools->pool);
    free(tools->pool_row);
    free(tools->kept_row);
    free(tools->use);
    free(tools->slots);
    *tools = (struct plan_tools){0};
}

void plan_release(struct plan *plan)
{
    free(plan->kept);
    free(plan->line_begin);
    free(plan->centres);
    free(plan->blocks);
    free(plan->rows);
    free(plan->trained_at);
    free(plan->contested_index);
    free(plan->weight);
    free(plan->in);
    free(plan->out);
    free(plan->place_input);
    free(plan->times);
    free(plan->touched);
    plan_tools_release(&plan->tools);
    *plan = (struct plan){0};
}

/* The arguments of plan_build. */
struct planner {
    struct plan *plan;
    const struct corpus *corpus;
    const struct objective *objective;
    const struct plan_options *options;
    uint64_t token_key, reach_key;
    size_t begin, end;
};

static inline void keep_word(struct plan *plan, uint32_t word, size_t line_begin)
{
    plan->line_begin[plan->n_kept] = (uint32_t)line_begin;
    plan->kept[plan->n_kept++] = word;
}

/* Keeps the tokens before the stretch that its first windows may reach. */
static int keep_before(struct planner *planner, struct w2v_error *error)
{
    struct plan *plan = planner->plan;
    const uint32_t *ids = planner->corpus->ids;
    unsigned window = planner->options->window;
    int status = PLAN_GROW(plan->kept, plan->kept_capacity, window);
    if (status == W2V_OK)
        status = PLAN_GROW(plan->line_begin, plan->line_capacity, window);
    if (status != W2V_OK)
        return status;
    for (size_t at = planner->begin; at > 0 && plan->n_kept < window;) {
        uint32_t token = ids[--at];
        if (token & CORPUS_LINE_END)
            break;
        uint64_t bits = rng_at(planner->token_key, at);
        if (sampler_keeps(planner->objective->sampler, token, (uint32_t)(bits >> 32)))
            keep_word(plan, token, 0);
    }
    for (size_t i = 0, j = plan->n_kept; i + 1 < j; i++) { /* they are in reverse order */
        uint32_t word = plan->kept[i];
        plan->kept[i] = plan->kept[--j];
        plan->kept[j] = word;
    }
    return W2V_OK;
}

/* Keeps tokens of the stretch. Each is a centre. *line becomes the place where the last line begins. */
static int keep_centres(struct planner *planner, size_t *line, struct w2v_error *error)
{
    struct plan *plan = planner->plan;
    const uint32_t *ids = planner->corpus->ids;
    size_t n = planner->end - planner->begin, most = plan->n_kept + n + planner->options->window;
    int status = PLAN_GROW(plan->kept, plan->kept_capacity, most);
    if (status == W2V_OK)
        status = PLAN_GROW(plan->line_begin, plan->line_capacity, most);
    if (status == W2V_OK)
        status = PLAN_GROW(plan->centres, plan->centres_capacity, n);
    if (status != W2V_OK)
        return status;
    /* Each token is written, and counted if it is kept. A branch would often be mispredicted. */
    size_t n_kept = plan->n_kept, n_centres = 0;
    for (size_t at = planner->begin; at < planner->end; at++) {
        uint32_t token = ids[at], word = CORPUS_ID(token);
        uint64_t bits = rng_at(planner->token_key, at);
        size_t keeps = sampler_keeps(planner->objective->sampler, word, (uint32_t)(bits >> 32));
        plan->centres[n_centres] = (struct plan_centre){.place = (uint32_t)n_kept};
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

/* Keeps the tokens behind the stretch, up to the line's end. keep_centres made room for them. */
static void keep_after(struct planner *planner, size_t line)
{
    struct plan *plan = planner->plan;
    const struct corpus *corpus = planner->corpus;
    size_t most = plan->n_kept + planner->options->window;
    if (line ==
        plan->n_kept) /* a line ends with the stretch, or no word of its last line was kept */
        return;
    for (size_t at = planner->end; at < corpus->n_tokens && plan->n_kept < most; at++) {
        uint32_t token = corpus->ids[at], word = CORPUS_ID(token);
        uint64_t bits = rng_at(planner->token_key, at);
        if (sampler_keeps(planner->objective->sampler, word, (uint32_t)(bits >> 32)))
            keep_word(plan, word, line);
        if (token & CORPUS_LINE_END)
            break;
    }
}

/* The reach of the windows of block b. Each is as likely as any other, as in word2vec. */
static uint32_t draw_reach(const struct planner *planner, size_t b)
{
    const unsigned window = planner->options->window;
    if (planner->options->fixed_window)
        return window;
    return 1 + rng_below((uint32_t)(rng_at(planner->reach_key, b) >> 32), window);
}

/*
 * Finds every window: the words within reach of its centre, up to the ends of the line. Lines are
 * contiguous, so one walk from the last centre to the first finds them.
 */
static void cut_windows(struct planner *planner)
{
    struct plan *plan = planner->plan;
    const size_t windows = planner->objective->block_windows;
    size_t line_end = plan->n_kept, place = line_end;
    for (size_t c = plan->n_centres; c > 0;) {
        const size_t b = (c - 1) / windows;
        const uint32_t reach = draw_reach(planner, b);
        for (; c > b * windows; c--) {
            struct plan_centre *centre = &plan->centres[c - 1];
            for (; place > centre->place + 1; place--)
                if (plan->line_begin[place - 1] != plan->line_begin[place - 2])
                    line_end = place - 1;
            const uint32_t at = centre->place, first = plan->line_begin[at];
            centre->begin = at - first > reach ? at - reach : first;
            centre->end = line_end - at > reach + 1 ? at + reach + 1 : (uint32_t)line_end;
        }
    }
}

/* Finds the kept words and the centres, with windows that slide along the lines. */
static int slide_windows(struct planner *planner, struct w2v_error *error)
{
    size_t line = 0;
    int status = keep_before(planner, error);
    if (status == W2V_OK)
        status = keep_centres(planner, &line, error);
    if (status != W2V_OK)
        return status;
    keep_after(planner, line);
    cut_windows(planner);
    return W2V_OK;
}

/* Empties the hash table and makes room for n rows. */
static int clear_slots(struct plan_tools *tools, size_t n, struct w2v_error *error)
{
    size_t n_slots = 64;
    while (n_slots < 2 * n)
        n_slots *= 2;
    int status = PLAN_GROW(tools->slots, tools->slots_capacity, n_slots);
    if (status != W2V_OK)
        return status;
    tools->slot_mask = (uint32_t)n_slots - 1;
    memset(tools->slots, 0xff, n_slots * sizeof *tools->slots); /* PLAN_NO_ROW */
    return W2V_OK;
}

/*
 * Lists the block's input rows: the words that its windows cover. The centre of a single window is
 * not one of them.
 */
static void block_inputs(struct plan *plan, uint32_t b)
{
    struct plan_block *block = &plan->blocks[b];
    const uint32_t alone =
        block->n_centres > 1 ? UINT32_MAX : plan->centres[block->first_centre].place;
    uint32_t *in = plan->in + plan->n_in, *inputs = plan->place_input + plan->n_inputs, n_in = 0;
    for (uint32_t place = block->begin; place < block->end; place++) {
        uint32_t as = 0;
        if (place != alone) {
            if (plan->tools.kept_row[place] == PLAN_NO_ROW)
                plan->tools.kept_row[place] = plan_list_row(plan, plan->kept[place]);
            as = plan_use_row(plan, plan->tools.kept_row[place], b, n_in);
            in[n_in] = plan->tools.kept_row[place]; /* counted if it is new */
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

/* How many blocks a window is cut into. */
static size_t parts_of(const struct plan_centre *centre, size_t most_contexts)
{
    const size_t n = centre->end - centre->begin; /* contexts and the centre */
    return n > most_contexts + 1 ? (n + most_contexts - 1) / most_contexts : 1;
}

/* Makes a block of the centres [c, c + n). Their windows have one reach, so they end in their order. */
static void join_windows(struct plan *plan, size_t c, size_t n)
{
    struct plan_block *block = &plan->blocks[plan->n_blocks++];
    *block = (struct plan_block){.first_centre = (uint32_t)c, .n_centres = (uint32_t)n};
    block->begin = plan->centres[c].begin;
    block->end = plan->centres[c + n - 1].end;
}

/* Makes n_parts blocks of centre c. */
static void cut_window(struct plan *plan, size_t c, size_t n_parts)
{
    const struct plan_centre *centre = &plan->centres[c];
    const size_t n = centre->end - centre->begin;
    for (size_t i = 0; i < n_parts; i++)
        plan->blocks[plan->n_blocks++] =
            (struct plan_block){.first_centre = (uint32_t)c,
                                .n_centres = 1,
                                .begin = centre->begin + (uint32_t)(n * i / n_parts),
                                .end = centre->begin + (uint32_t)(n * (i + 1) / n_parts)};
}

/* Each block from `first` on gets its turns: copies right behind it. */
static void repeat_blocks(struct plan *plan, size_t first, unsigned turns)
{
    const size_t n = plan->n_blocks - first;
    for (size_t i = n; i > 0 && turns > 1; i--)
        for (unsigned t = 0; t < turns; t++) {
            struct plan_block *copy = &plan->blocks[first + (i - 1) * turns + t];
            *copy = plan->blocks[first + i - 1];
            copy->again = t > 0;
        }
    plan->n_blocks = first + n * turns;
}

/* Makes blocks of the centres. *n_places: the sum of the places that each block covers. */
static int cut_blocks(struct planner *planner, size_t *n_places, struct w2v_error *error)
{
    struct plan *plan = planner->plan;
    const size_t windows = planner->objective->block_windows,
                 most = planner->objective->most_contexts;
    size_t n_blocks = (plan->n_centres + windows - 1) / windows;
    if (windows == 1)
        for (size_t c = 0; c < plan->n_centres; c++)
            n_blocks += parts_of(&plan->centres[c], most) - 1;
    int status =
        PLAN_GROW(plan->blocks, plan->blocks_capacity, n_blocks * planner->objective->turns);
    for (size_t c = 0; c < plan->n_centres && status == W2V_OK; c += windows) {
        const size_t left = plan->n_centres - c, first = plan->n_blocks;
        if (windows > 1)
            join_windows(plan, c, left < windows ? left : windows);
        else
            cut_window(plan, c, parts_of(&plan->centres[c], most));
        repeat_blocks(plan, first, planner->objective->turns);
    }
    *n_places = 0;
    for (size_t b = 0; b < plan->n_blocks; b++)
        *n_places += plan->blocks[b].end - plan->blocks[b].begin;
    return status;
}

static int make_blocks(struct planner *planner, uint64_t draw, struct w2v_error *error)
{
    struct plan *plan = planner->plan;
    const struct objective *objective = planner->objective;
    size_t n_places, most_rows = plan->n_kept;
    int status = cut_blocks(planner, &n_places, error);
    if (status == W2V_OK)
        status = objective->kind->begin(objective, plan, draw, &most_rows, error);
    if (status == W2V_OK)
        status = PLAN_GROW(plan->in, plan->in_capacity, n_places);
    if (status == W2V_OK)
        status = PLAN_GROW(plan->place_input, plan->inputs_capacity, n_places);
    if (status == W2V_OK)
        status = PLAN_GROW(plan->tools.kept_row, plan->tools.kept_row_capacity, plan->n_kept);
    if (status == W2V_OK)
        status = PLAN_GROW(plan->rows, plan->rows_capacity, most_rows);
    if (status == W2V_OK)
        status = PLAN_GROW(plan->tools.use, plan->tools.use_capacity, most_rows);
    if (status == W2V_OK)
        status = clear_slots(&plan->tools, most_rows, error);
    if (status != W2V_OK)
        return status;
    for (size_t i = 0; i < plan->n_kept; i++)
        plan->tools.kept_row[i] = PLAN_NO_ROW;
    for (uint32_t b = 0; b < plan->n_blocks; b++) {
        block_inputs(plan, b);
        objective->kind->outputs(objective, plan, b);
        plan->blocks[b].rows_end = (uint32_t)plan->n_rows;
    }
    status = PLAN_GROW(plan->trained_at, plan->trained_at_capacity, plan->n_rows + 1);
    if (status == W2V_OK)
        status = PLAN_GROW(plan->contested_index, plan->contested_capacity, plan->n_rows + 1);
    if (status == W2V_OK)
        status = PLAN_GROW(plan->weight, plan->weight_capacity, plan->n_rows + 1);
    if (status == W2V_OK)
        memset(plan->weight, 0, plan->n_rows * sizeof *plan->weight);
    return status;
}

/* Lists the rows by owner, with a counting sort. */
static int list_touched(struct plan *plan, const struct layout *layout, struct w2v_error *error)
{
    size_t next[LAYOUT_MOST_OWNERS] = {0};
    int status = PLAN_GROW(plan->touched, plan->touched_capacity, plan->n_rows + 1);
    if (status != W2V_OK)
        return status;
    for (size_t i = 0; i < plan->n_rows; i++)
        next[layout_owner(layout, plan->rows[i])]++;
    plan->owner_begin[0] = 0;
    for (size_t o = 0; o < layout_owners(layout); o++) {
        plan->owner_begin[o + 1] = plan->owner_begin[o] + next[o];
        next[o] = plan->owner_begin[o];
    }
    for (size_t i = 0; i < plan->n_rows; i++)
        plan->touched[next[layout_owner(layout, plan->rows[i])]++] =
            (struct plan_touch){.row = plan->rows[i], .index = (uint32_t)i};
    return W2V_OK;
}

int plan_build(struct plan *plan, const struct corpus *corpus, const struct objective *objective,
               const struct plan_options *options, size_t begin, size_t end, uint64_t epoch,
               uint64_t draw, struct w2v_error *error)
{
    struct planner planner = {
        .plan = plan,
        .corpus = corpus,
        .objective = objective,
        .options = options,
        .token_key = rng_key(rng_key(objective->seed, STREAM_TOKENS), epoch),
        .reach_key = rng_key(rng_key(objective->seed, STREAM_REACHES), draw),
        .begin = begin,
        .end = end,
    };
    plan->n_kept = plan->n_centres = plan->n_blocks = plan->n_rows = plan->n_in = plan->n_out =
        plan->n_inputs = 0;
    int status = options->whole_line
                     ? whole_line_centres(plan, corpus, objective->sampler, options->window,
                                          objective->seed, epoch, begin, end, error)
                     : slide_windows(&planner, error);
    if (status == W2V_OK)
        corpus_passed(corpus, begin, end);
    if (status == W2V_OK)
        status = make_blocks(&planner, draw, error);
    if (status == W2V_OK)
        status = list_touched(plan, &objective->layout, error);
    return status;
}
