/*
 * The Huffman tree over the words (Morin and Bengio 2005; Mikolov et al. 2013, arXiv 1301.3781).
 * The words are its leaves, and frequent words are near the root. Hierarchical softmax predicts a
 * word by predicting the turns on the way to its leaf.
 *
 * The tree is built as in word2vec.c and fastText. V - 1 times, the two lightest of the leaves and
 * nodes without a parent get a new node as their parent. The lighter of the two is the child on
 * side 0; if a leaf and a node are equally heavy, the node is taken first. Counts never rise with
 * the id, so the lightest leaf is always the last one left, and the lightest node is the first one
 * left.
 *
 * Nodes are numbered 0 .. V - 2 as they are made. So the root is the last node, and every node has
 * a greater number than its children. Node i is row i of fastText's output matrix, for the same
 * words in the same order.
 *
 * gensim takes leaves and nodes from a heap, so its trees differ where weights are equal. Its codes
 * are equally short.
 */
#ifndef W2V_TRAIN_TREE_H
#define W2V_TRAIN_TREE_H

#include "base/error.h"

struct tree {
    uint32_t n_words;
    /*
     * (2 V - 1): word w is at up[w], node i is at up[V + i]. The value is 2 x parent + side. The
     * value of the root means nothing.
     */
    uint32_t *up;
    unsigned longest; /* the most nodes above a word whose count is not 0 */
};

/*
 * Builds the tree of n_words >= 1 words. Their counts never rise with the id and add up to less
 * than 2^64. (If counts do rise, the result is still a tree, but its codes are not the shortest.)
 */
int tree_init(struct tree *tree, const uint64_t *counts, size_t n_words, struct w2v_error *error);
void tree_release(struct tree *tree);

/*
 * Places in `up`. The way from a word to the root is
 *     for (at = word; at != tree_root(tree); at = tree_above(tree, at))
 */
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
