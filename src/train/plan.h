/*
 * From a stretch of the corpus to blocks of windows ready to train. A plan depends on the corpus,
 * the options, the seed and the stretch's place alone; it is built without touching the matrices,
 * one round ahead of its training.
 *
 *   - Subsampling decides on each token by its position, then windows reach over what is left,
 *     as in word2vec. Windows reach beyond the stretch, but never over a line end.
 *   - A block is up to `block_windows` consecutive centres. Its input rows are the words of all
 *     their contexts, its output rows the centres and `block_negatives` negatives drawn for the
 *     whole block. (Sharing negatives: Ji et al., arXiv 1604.04661.) Each word is one row, however often
 *     it occurs; how often stands in the weights. A negative that is one of the block's centres is
 *     left out.
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
    uint32_t in, n_in;   /* its input words: plan.in_words[in ...] */
    uint32_t out, n_out; /* its output words: plan.out_words[out ...], the centres first */
    uint32_t n_positive; /* of them centres */
    uint32_t rows;       /* plan.place_row[rows + place - begin]: the input row of a place */
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
    uint32_t *in_words, *out_words, *place_row;
    size_t n_in, in_capacity, n_out, out_capacity, n_rows, rows_capacity;
    uint32_t *negatives; /* as drawn, block by block */
    size_t negatives_capacity;
    uint32_t *times; /* how often each output word was drawn: 1 for centres */
    size_t times_capacity;
    /*
     * All rows that the plan may touch: words for input, n_words + word for output, sorted by
     * plan_owner. Owner o's stand at touched[owner_begin[o] .. owner_begin[o + 1]).
     */
    uint32_t *touched, *unsorted;
    size_t touched_capacity, unsorted_capacity;
    size_t owner_begin[PLAN_OWNERS + 1];
    struct plan_seen *seen; /* a small hash set to find words that a block has already */
    size_t n_seen;
    uint32_t stamp;
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
