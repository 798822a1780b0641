/*
 * From a stretch of the corpus to blocks of windows ready to train. A plan depends on the corpus,
 * the options, the seed and the stretch's place alone; it is built without touching the matrices,
 * one round ahead of its training.
 *
 *   - Subsampling decides on each token by its position, then windows reach over what is left,
 *     as in word2vec. Windows reach beyond the stretch, but never over a line end. Contexts from
 *     whole lines are laid out so that they are windows too (whole_line.h).
 *   - A block is up to objective->block_windows consecutive centres. Its input rows are the words
 *     of all their contexts. Its output rows are for the objective to list (objective.h). Each word
 *     is one row, however often it occurs.
 *
 * CBOW uses blocks of one window: sharing negatives over several costs it accuracy.
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
    uint32_t begin, end; /* the places in plan.kept that its windows cover */
    uint32_t in, n_in;   /* its input rows: plan.rows[plan.in[in ...]] */
    uint32_t out, n_out; /* its output rows: plan.rows[plan.out[out ...]], the positive first */
    uint32_t n_positive; /* of them: they are in positive pairs */
    uint32_t inputs;     /* plan.place_input[inputs + place - begin]: which input row a place has */
    uint32_t rows_end;   /* it and the blocks in front of it use plan.rows[0 .. rows_end) */
};

/* A row of the plan, in the list of its owner. */
struct plan_touch {
    uint32_t row, index; /* plan.rows[index] == row */
    uint32_t copy;       /* where the plan trains the row in its round: set by rows_claim */
};

/*
 * What only the making of a plan needs. A thread that makes many lends them one set in turn, which
 * then stays in its cache: it puts the set in front of plan_build, and takes it out again behind.
 */
struct plan_tools {
    uint32_t *pool, *pool_row; /* the negatives, and their indices in `rows` once they have one */
    size_t n_pool;
    uint32_t *kept_row;      /* of each of `kept`, as an input row, likewise */
    struct plan_use *use;    /* of each of `rows`: in which block last, and as which of its rows */
    struct plan_slot *slots; /* a hash table from a row to its index in `rows` */
    size_t pool_capacity, pool_row_capacity, kept_row_capacity, use_capacity, slots_capacity;
    uint32_t slot_mask; /* of the slots in use: a power of two, less 1 */
};

struct plan {
    uint32_t *kept; /* words left after subsampling, with what windows reach on both sides */
    size_t n_kept, kept_capacity;
    uint32_t *line_begin; /* where the line of each begins in `kept` */
    size_t line_capacity;
    struct plan_centre *centres;
    size_t n_centres, centres_capacity;
    struct plan_block *blocks;
    size_t n_blocks, blocks_capacity;
    /*
     * The rows that the plan touches: words for input, n_words + word for output, each once, in the
     * order in which the blocks come to need them.
     */
    uint32_t *rows;
    size_t n_rows, rows_capacity;
    uint32_t *in, *out, *place_input;
    size_t n_in, in_capacity, n_out, out_capacity, n_inputs, inputs_capacity;
    uint32_t *times; /* how often each of `out` was drawn: 1 for centres */
    size_t times_capacity;
    /* `rows` sorted by owner: those of owner o are touched[owner_begin[o] .. owner_begin[o + 1]). */
    struct plan_touch *touched;
    size_t touched_capacity;
    size_t owner_begin[LAYOUT_MOST_OWNERS + 1];
    size_t line_first, line_last; /* whole lines: the corpus line [first, last) looked at last */
    struct plan_tools tools;
};

/* ---- For objectives, while a plan is built ---- */

enum { PLAN_NO_ROW = UINT32_MAX };

/* A slot of the hash table, empty without a row. */
struct plan_slot {
    uint32_t row, index;
};

/* In which block a row was used last, as which of its rows. */
struct plan_use {
    uint32_t block, as;
};

#define PLAN_GROW(array, capacity, need) \
    mem_grow(&(array), &(capacity), (need), sizeof *(array), "a round's plan", error)

/* The index of a row in plan.rows, which it joins if it is new. */
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

/* As what block b has the row at `index`: as `next` if it did not have it yet. */
static inline uint32_t plan_use_row(struct plan *plan, uint32_t index, uint32_t b, uint32_t next)
{
    struct plan_use *use = &plan->tools.use[index];
    if (use->block != b)
        *use = (struct plan_use){b, next};
    return use->as;
}

/* Begin with {0}. The tools that a plan has are its own to release. */
void plan_release(struct plan *plan);
void plan_tools_release(struct plan_tools *tools);

/*
 * Plans the tokens [begin, end) of `epoch` (from 0). `draw` names the stretch among all of the run:
 * its negatives are drawn from that stream.
 */
int plan_build(struct plan *plan, const struct corpus *corpus, const struct objective *objective,
               const struct plan_options *options, size_t begin, size_t end, uint64_t epoch,
               uint64_t draw, struct w2v_error *error);

#endif
