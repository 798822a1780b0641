/*
 * Where the rows of a run lie. One matrix holds n_inputs input rows, then n_outputs output rows,
 * then n_parts rows of the parts of words (compose.h). A row has `dim` floats. Word w has input
 * row w. With negative sampling word w also has output row w, so n_outputs = V. With hierarchical
 * softmax node i of the tree (tree.h) has output row i, so n_outputs = V - 1. Nothing else in the
 * program computes the number of a row.
 *
 * Rows are divided among owners. Between two rounds a row is changed by its owner alone, so owners
 * can work at the same time. The rows of frequent words are contested most (rows.h), and words are
 * in the order of their counts. So the owners take turns: row r belongs to owner r mod layout_owners.
 * Part p belongs to owner p mod layout_owners, whatever its row is.
 */
#ifndef W2V_TRAIN_LAYOUT_H
#define W2V_TRAIN_LAYOUT_H

#include "kernel/kernel.h"

enum { LAYOUT_LEAST_OWNER_BITS = 4, LAYOUT_MOST_OWNER_BITS = 7 };
enum { LAYOUT_MOST_OWNERS = 1 << LAYOUT_MOST_OWNER_BITS };

struct layout {
    size_t n_inputs, n_outputs, n_parts;
    size_t dim; /* padded to whole vectors of the kernels */
    unsigned owner_bits;
};

static inline struct layout layout_of(size_t n_words, enum w2v_loss loss, size_t dim)
{
    const size_t n_outputs = loss == W2V_HIERARCHICAL ? n_words - 1 : n_words;
    return (struct layout){.n_inputs = n_words,
                           .n_outputs = n_outputs,
                           .dim = kernel_pad(dim),
                           .owner_bits = LAYOUT_LEAST_OWNER_BITS};
}

static inline size_t layout_owners(const struct layout *layout)
{
    return (size_t)1 << layout->owner_bits;
}

/*
 * Raises the number of owners to that of the shards, so that each thread of a large machine finds
 * one. LAYOUT_MOST_OWNERS is the limit.
 */
static inline void layout_divide(struct layout *layout, unsigned shards)
{
    while (layout_owners(layout) < shards && layout->owner_bits < LAYOUT_MOST_OWNER_BITS)
        layout->owner_bits++;
}

/* The owner of a row, by its number, or of a part, by the number of the part. */
static inline size_t layout_owner(const struct layout *layout, size_t row)
{
    return row & (layout_owners(layout) - 1);
}

/*
 * The index of a row, or of a part, in the arrays of its owner. Each owner has arrays of its own, so
 * that owners seldom write to the same cache line.
 */
static inline size_t layout_owned(const struct layout *layout, size_t row)
{
    return row >> layout->owner_bits;
}

/* At most so many of n rows, or parts, belong to one owner. */
static inline size_t layout_most_owned(const struct layout *layout, size_t n)
{
    return n / layout_owners(layout) + 1;
}

/* How many rows steps move: the input rows and the output rows. */
static inline size_t layout_moved(const struct layout *layout)
{
    return layout->n_inputs + layout->n_outputs;
}

static inline size_t layout_rows(const struct layout *layout)
{
    return layout_moved(layout) + layout->n_parts;
}

/* The row of output `output`, counted from 0. */
static inline size_t layout_output(const struct layout *layout, size_t output)
{
    return layout->n_inputs + output;
}

/* The row of part `part`, counted from 0. */
static inline size_t layout_part(const struct layout *layout, size_t part)
{
    return layout_moved(layout) + part;
}

#endif
