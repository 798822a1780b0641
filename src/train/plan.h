/*
 * A plan holds a stretch of the corpus as blocks of windows that are ready to train. It depends
 * only on the corpus, the options, the seed and the place of the stretch. Building it does not
 * touch the matrices, so it is built one round before it is trained.
 *
 *   - Subsampling keeps or drops each token by its position. Then windows reach over the kept
 *     words, as in word2vec. Windows reach beyond the stretch, but never across a line end.
 *     Contexts from whole lines are laid out so that they are windows too (whole_line.h).
 *   - A block is up to objective->block_windows consecutive centres. If its windows slide, they have one
 *     reach, which is drawn for the block. So neighbours share more contexts than if each centre drew its
 *     own, and a block has fewer rows for as many pairs. Its input rows are the words
 *     of all places that they cover. The objective lists its output rows (objective.h). A word has one row
 *     in a block, however often it occurs.
 *   - If block_windows is 1, a window of more than objective->most_contexts is cut into parts, and
 *     each is a block.
 *   - Each block is there objective->turns times, one right behind the other, with other negatives.
 */
#ifndef W2V_TRAIN_PLAN_H
#define W2V_TRAIN_PLAN_H

#include "base/mem.h"
#include "text/corpus.h"
#include "train/layout.h"

struct objective;

struct plan_options {
    unsigned window;
    bool fixed_window;
    bool whole_line; /* contexts from anywhere in the line: see whole_line.h */
};

/* A centre and its window, as places in plan.kept. */
struct plan_centre {
    uint32_t place;      /* of the centre */
    uint32_t begin, end; /* the window, the centre included: [begin, end) */
    uint32_t out;        /* the centre's output row in its block */
};

struct plan_block {
    uint32_t first_centre, n_centres;
    uint32_t begin, end; /* the places in plan.kept that its windows, or its part of one, cover */
    uint32_t in, n_in;   /* its input rows: plan.rows[plan.in[in ...]] */
    uint32_t out, n_out; /* its output rows: plan.rows[plan.out[out ...]] */
    uint32_t n_positive; /* the first n_positive output rows are in positive pairs */
    bool again;          /* a turn but the first (objective.h); the first counts the predictions */
    uint32_t inputs;     /* plan.place_input[inputs + place - begin] is the input row of a place */
    uint32_t rows_end;   /* this block and those before it use plan.rows[0 .. rows_end) */
};

/* The contexts of a centre in its block: the places [begin, end), without that of the centre. */
struct plan_contexts {
    uint32_t begin, end, n;
};

static inline struct plan_contexts plan_contexts(const struct plan_block *block,
                                                 const struct plan_centre *centre)
{
    const uint32_t begin = centre->begin > block->begin ? centre->begin : block->begin;
    const uint32_t end = centre->end < block->end ? centre->end : block->end;
    const bool inside = begin <= centre->place && centre->place < end;
    return (struct plan_contexts){begin, end, end - begin - inside};
}

/* A row of the plan, in the list of its owner. */
struct plan_touch {
    uint32_t row, index; /* plan.rows[index] == row */
    uint32_t copy;       /* its number among the owner's copies, or ROWS_IN_PLACE (rows.h) */
};

/*
 * The memory that is used only while a plan is built. A thread that builds many plans has one set:
 * it puts the set into plan.tools before plan_build and takes it back afterwards. So the set stays
 * in the cache.
 */
struct plan_tools {
    uint32_t *pool, *pool_row; /* the negatives; the index in `rows` of each, or PLAN_NO_ROW */
    size_t n_pool;
    uint32_t *kept_row;      /* the index in `rows` of each of `kept`, or PLAN_NO_ROW */
    struct plan_use *use;    /* for each of `rows`, its last use */
    struct plan_slot *slots; /* a hash table from a row to its index in `rows` */
    size_t pool_capacity, pool_row_capacity, kept_row_capacity, use_capacity, slots_capacity;
    uint32_t slot_mask; /* the number of slots in use, a power of two, minus 1 */
};

struct plan {
    uint32_t *kept; /* the kept words of the stretch, and those around it that windows reach */
    size_t n_kept, kept_capacity;
    uint32_t *line_begin; /* for each of `kept`, where its line begins in `kept` */
    size_t line_capacity;
    struct plan_centre *centres;
    size_t n_centres, centres_capacity;
    struct plan_block *blocks;
    size_t n_blocks, blocks_capacity;
    /*
     * The rows that the plan touches (layout.h), each once, in the order in which the blocks first
     * need them.
     */
    uint32_t *rows;
    float **trained_at; /* for each of `rows`, where the plan trains it; set by rows_place */
    uint32_t
        *contested_index; /* the indices in `rows` of contested rows, rising; set by rows_place */
    size_t n_contested, contested_capacity;
    float *weight; /* for each of `rows`, the sum of |weight| that moved it; training counts it */
    size_t n_rows, rows_capacity, trained_at_capacity, weight_capacity;
    uint32_t *in, *out, *place_input;
    size_t n_in, in_capacity, n_out, out_capacity, n_inputs, inputs_capacity;
    uint32_t *times; /* how often each of `out` was drawn; 1 for centres */
    size_t times_capacity;
    /* `rows` sorted by owner: owner o has touched[owner_begin[o] .. owner_begin[o + 1]). */
    struct plan_touch *touched;
    size_t touched_capacity;
    size_t owner_begin[LAYOUT_MOST_OWNERS + 1];
    size_t line_first, line_last; /* whole_line.h: the tokens of the line used last */
    struct plan_tools tools;
};

/* How many rows of one owner the plans list, counted once for each plan. */
static inline size_t plan_count_touched(const struct plan *plans, size_t n_plans, size_t owner)
{
    size_t n = 0;
    for (size_t s = 0; s < n_plans; s++)
        n += plans[s].owner_begin[owner + 1] - plans[s].owner_begin[owner];
    return n;
}

/* ---- For objectives, while a plan is built ---- */

enum { PLAN_NO_ROW = UINT32_MAX };

/* A slot of the hash table. It is empty if row == PLAN_NO_ROW. */
struct plan_slot {
    uint32_t row, index;
};

/* The last block that used a row, and the number that the row has in the block. */
struct plan_use {
    uint32_t block, as;
};

#define PLAN_GROW(array, capacity, need) \
    mem_grow(&(array), &(capacity), (need), sizeof *(array), "a round's plan", error)

/* The index of a row in plan.rows. Appends the row if it is new. */
static inline uint32_t plan_list_row(struct plan *plan, uint32_t row)
{
    struct plan_slot *slots = plan->tools.slots;
    uint32_t at = row * 0x9e3779b1u >> 7 & plan->tools.slot_mask;
    for (; slots[at].row != PLAN_NO_ROW; at = (at + 1) & plan->tools.slot_mask)
        if (slots[at].row == row)
            return slots[at].index;
    uint32_t index = (uint32_t)plan->n_rows++;
    slots[at] = (struct plan_slot){row, index};
    plan->rows[index] = row;
    plan->tools.use[index].block = UINT32_MAX;
    return index;
}

/* The number that rows[index] has in block b. It gets the number `next` if it had none. */
static inline uint32_t plan_use_row(struct plan *plan, uint32_t index, uint32_t b, uint32_t next)
{
    struct plan_use *use = &plan->tools.use[index];
    if (use->block != b)
        *use = (struct plan_use){b, next};
    return use->as;
}

/* Begin with {0}. plan_release also releases plan.tools. */
void plan_release(struct plan *plan);
void plan_tools_release(struct plan_tools *tools);

/*
 * Plans the tokens [begin, end) of `epoch` (from 0). `draw` is the number of the stretch in the
 * run; it selects the streams of its negatives and of the reaches.
 */
int plan_build(struct plan *plan, const struct corpus *corpus, const struct objective *objective,
               const struct plan_options *options, size_t begin, size_t end, uint64_t epoch,
               uint64_t draw, struct w2v_error *error);

#endif
