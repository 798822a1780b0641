/*
 * From a stretch of the corpus to blocks of windows ready to train. A plan depends on the corpus,
 * the options, the seed and the stretch's place alone; it is built without touching the matrices,
 * one round ahead of its training.
 *
 *   - Subsampling decides on each token by its position, then windows reach over what is left,
 *     as in word2vec. Windows reach beyond the stretch, but never over a line end.
 *   - A block is up to `block_windows` consecutive centres. Its input rows are the words of all
 *     their contexts, its output rows the centres and `block_negatives` negatives shared by the
 *     whole block. (Sharing negatives: Ji et al., arXiv 1604.04661.) Each word is one row, however
 *     often it occurs; how often stands in the weights. A negative that is one of the block's
 *     centres is left out.
 *   - The stretch draws a pool of negatives, which its blocks take in turn, over and over. Blocks
 *     that share a negative so are far apart and have no context in common, which costs no
 *     accuracy, and its row is in the cache when it comes again.
 *
 * CBOW uses blocks of one window: sharing negatives over several costs it accuracy.
 */
#ifndef W2V_TRAIN_PLAN_H
#define W2V_TRAIN_PLAN_H

#include "text/corpus.h"
#include "train/sampler.h"

enum { PLAN_MAX_SHARDS = 16, PLAN_OWNERS = 16 };

struct plan_options {
    unsigned window;
    bool fixed_window;
    unsigned block_windows;
    unsigned block_negatives;
    unsigned pool; /* most negatives drawn for a stretch; its blocks take them in turn */
    uint64_t seed;
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
    uint32_t out, n_out; /* its output rows: plan.rows[plan.out[out ...]], the centres first */
    uint32_t n_positive; /* of them centres */
    uint32_t inputs;     /* plan.place_input[inputs + place - begin]: which input row a place has */
    uint32_t rows_end;   /* it and the blocks in front of it use plan.rows[0 .. rows_end) */
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
    /* `rows` sorted by plan_owner: owner o's are touched[owner_begin[o] .. owner_begin[o + 1]). */
    uint32_t *touched;
    size_t touched_capacity;
    size_t owner_begin[PLAN_OWNERS + 1];
    /* For the making of it. */
    uint32_t *pool, *pool_row; /* the negatives, and their indices in `rows` once they have one */
    uint32_t *kept_row;        /* of each of `kept`, as an input row, likewise */
    struct plan_use *use;    /* of each of `rows`: in which block last, and as which of its rows */
    struct plan_slot *slots; /* a hash table from a row to its index in `rows` */
    size_t pool_capacity, pool_row_capacity, kept_row_capacity, use_capacity, n_slots;
    uint32_t stamp; /* slots with another are empty */
};

/* Who answers for a row. Rows whose states share a cache line have the same owner. */
static inline uint32_t plan_owner(uint32_t row)
{
    return row / 32 % PLAN_OWNERS;
}

/* Begin with {0}. */
void plan_release(struct plan *plan);

/*
 * Plans the tokens [begin, end) of `epoch` (from 0). `draw` names the stretch among all of the run:
 * its negatives are drawn from that stream.
 */
int plan_build(struct plan *plan, const struct corpus *corpus, const struct sampler *sampler,
               const struct plan_options *options, size_t begin, size_t end, uint64_t epoch,
               uint64_t draw, struct w2v_error *error);

#endif
