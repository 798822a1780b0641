/* The Huffman tree over the words. See tree.h. */
#include "train/tree.h"

#include <stdlib.h>

#include "base/mem.h"

/* What has no parent yet: the leaves [0, leaf) and the nodes [node, made). */
struct parentless {
    const uint64_t *counts;
    const uint64_t *weights; /* of the nodes */
    size_t leaf, node, made;
};

/* Takes the lightest leaf or node. Returns its place in tree.up. */
static size_t take_lightest(struct parentless *left, size_t n_words, uint64_t *weight)
{
    if (left->leaf > 0 &&
        (left->node == left->made || left->counts[left->leaf - 1] < left->weights[left->node])) {
        *weight = left->counts[--left->leaf];
        return left->leaf;
    }
    *weight = left->weights[left->node];
    return n_words + left->node++;
}

/* Goes from the root down: the depth of a node is that of its parent + 1. */
static void find_longest(struct tree *tree, const uint64_t *counts, uint32_t *depth)
{
    const uint32_t n = tree->n_words;
    for (uint32_t node = n - 1; node-- > 0;)
        depth[node] = node + 2 == n ? 1 : depth[tree_node(tree, n + node)] + 1;
    for (uint32_t word = 0; word < n && n > 1; word++)
        if (counts[word] > 0 && depth[tree_node(tree, word)] > tree->longest)
            tree->longest = depth[tree_node(tree, word)];
}

int tree_init(struct tree *tree, const uint64_t *counts, size_t n_words, struct w2v_error *error)
{
    static const char what[] = "the tree over the words";
    uint64_t *weights = mem_calloc(n_words, sizeof *weights, what, error);
    uint32_t *depth = mem_calloc(n_words, sizeof *depth, what, error);
    *tree = (struct tree){.n_words = (uint32_t)n_words};
    if (weights != NULL && depth != NULL)
        tree->up = mem_calloc(2 * n_words, sizeof *tree->up, what, error);
    if (tree->up != NULL) {
        struct parentless left = {.counts = counts, .weights = weights, .leaf = n_words};
        for (size_t node = 0; node + 1 < n_words; left.made = ++node)
            for (uint32_t side = 0; side < 2; side++) {
                uint64_t weight;
                tree->up[take_lightest(&left, n_words, &weight)] = 2 * (uint32_t)node + side;
                weights[node] += weight;
            }
        find_longest(tree, counts, depth);
    }
    free(weights);
    free(depth);
    return tree->up != NULL ? W2V_OK : W2V_ENOMEM;
}

void tree_release(struct tree *tree)
{
    free(tree->up);
    *tree = (struct tree){0};
}
