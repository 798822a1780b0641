/*
 * The Huffman tree over the words (Morin and Bengio 2005; Mikolov et al. 2013, arXiv 1301.3781):
 * the words are its leaves, and a frequent word is near the root. Hierarchical softmax predicts a
 * word as the turns on the way to its leaf.
 *
 * The tree is made as word2vec.c and fastText make it. Of the leaves and nodes that have no parent
 * yet the two lightest get one, V - 1 times. The lightest leaf is the last one left, for the counts
 * never rise with the id; the lightest node is the first one left. The lighter of these two is the
 * child on side 0, then the lighter of what is left is the child on side 1. Where a leaf and a node
 * are equally heavy, the node is taken. Nodes are numbered 0 .. V - 2 as they are made, so the root
 * is the last, and every node has a greater number than its children. Node i is row i of fastText's
 * output matrix, for the same words in the same order.
 *
 * gensim takes leaves and nodes from a heap, so its trees differ where weights are equal. Its
 * codes are as short.
 */
#ifndef W2V_TRAIN_TREE_H
#define W2V_TRAIN_TREE_H

#include "base/error.h"

struct tree {
    uint32_t n_words;
    /*
     * (2 V - 1): 2 x the node above + the side on which this hangs there; of word w at [w], of node
     * i at [V + i]. The root has none.
     */
    uint32_t *up;
    unsigned longest; /* most nodes above a word whose count is not 0 */
};

/*
 * Makes the tree of n_words words, 1 at least, whose counts fall with the id and add up to less
 * than 2^64. (Counts that do not fall give a tree as well, whose codes are not the shortest.)
 */
int tree_init(struct tree *tree, const uint64_t *counts, size_t n_words, struct w2v_error *error);
void tree_release(struct tree *tree);

/* A place in `up` while one climbs from a word: for (at = word; at != root; at = tree_above(at)). */
static inline uint32_t tree_root(const struct tree *tree)
{
    return 2 * tree->n_words - 2;
}

static inline uint32_t tree_node(const struct tree *tree, uint32_t at)
{
    return tree->up[at] >> 1;
}

static inline uint32_t tree_side(const struct tree *tree, uint32_t at)
{
    return tree->up[at] & 1;
}

static inline uint32_t tree_above(const struct tree *tree, uint32_t at)
{
    return tree->n_words + tree_node(tree, at);
}

#endif
