/*
 * train/tree: a small tree made by hand; trees of random counts compared with fastText's algorithm,
 * written anew; their codes are complete and have the least possible cost.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/rng.h"
#include "test.h"
#include "train/tree.h"

enum { MOST = 400 };

static void test_by_hand(void)
{
    /*
     * 1 and 2 make node 0 of 3; of two 3s the node goes first, and makes node 1 of 6 with the leaf;
     * 5 and that make node 2 of 11; 7 and that make the root.
     */
    const uint64_t counts[] = {7, 5, 3, 2, 1};
    const uint32_t up[] = {2 * 3, 2 * 2, 2 * 1 + 1, 2 * 0 + 1, 2 * 0, 2 * 1, 2 * 2 + 1, 2 * 3 + 1};
    struct tree tree = {0};
    CHECK(tree_init(&tree, counts, 5, NULL) == W2V_OK);
    CHECK(tree_root(&tree) == 8);
    for (uint32_t at = 0; at < 8; at++)
        CHECK_MSG(tree.up[at] == up[at], "at %u: node %u, side %u", at, tree_node(&tree, at),
                  tree_side(&tree, at));
    CHECK(tree.longest == 4);
    tree_release(&tree);
}

/* Falling counts of four kinds: all equal, with many ties, as in a text, and steep. */
static size_t draw_counts(uint64_t number, uint64_t *counts)
{
    const size_t n = 1 + rng_below((uint32_t)rng_at(number, 0), number < 20 ? 4 : MOST);
    for (size_t i = 0; i < n; i++) {
        const uint32_t x = (uint32_t)rng_at(number, i + 1);
        counts[i] = number % 4 == 0   ? 1 + x % 1000
                    : number % 4 == 1 ? x % 4
                    : number % 4 == 2 ? 100000 / (i + 1)
                                      : (uint64_t)1 << (i < 40 ? 40 - i : 0);
    }
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && counts[j - 1] < counts[j]; j--) {
            const uint64_t count = counts[j];
            counts[j] = counts[j - 1];
            counts[j - 1] = count;
        }
    return n;
}

/* fastText numbers leaves first, and gives a huge count to nodes that are not made yet. */
static void test_as_fasttext_has_it(void)
{
    for (uint64_t number = 0; number < 400; number++) {
        uint64_t counts[MOST], all[2 * MOST];
        uint32_t parent[2 * MOST] = {0}, side[2 * MOST] = {0};
        const size_t n = draw_counts(number, counts);
        struct tree tree = {0};
        for (size_t i = 0; i < 2 * n - 1; i++)
            all[i] = i < n ? counts[i] : (uint64_t)1e15;
        long leaf = (long)n - 1;
        size_t node = n;
        for (size_t i = n; i < 2 * n - 1; i++) {
            size_t least[2];
            for (size_t j = 0; j < 2; j++)
                least[j] = leaf >= 0 && all[leaf] < all[node] ? (size_t)leaf-- : node++;
            all[i] = all[least[0]] + all[least[1]];
            parent[least[0]] = parent[least[1]] = (uint32_t)i;
            side[least[1]] = 1;
        }
        CHECK(tree_init(&tree, counts, n, NULL) == W2V_OK);
        CHECK(tree_root(&tree) == 2 * n - 2);
        for (uint32_t at = 0; at < tree_root(&tree); at++)
            CHECK_MSG(tree_above(&tree, at) == parent[at] && tree_side(&tree, at) == side[at],
                      "tree %u of %zu words, at %u", (unsigned)number, n, at);
        tree_release(&tree);
    }
}

/* The least cost of a code: the sum of all weights made by merging the two lightest. */
static double least_cost(const uint64_t *counts, size_t n)
{
    double weights[MOST], cost = 0;
    for (size_t i = 0; i < n; i++)
        weights[i] = (double)counts[i];
    for (; n > 1; n--) {
        for (size_t k = 1; k <= 2; k++) /* moves the two lightest to the end */
            for (size_t i = 0; i + k < n; i++)
                if (weights[i] < weights[n - k]) {
                    const double weight = weights[i];
                    weights[i] = weights[n - k];
                    weights[n - k] = weight;
                }
        weights[n - 2] += weights[n - 1];
        cost += weights[n - 2];
    }
    return cost;
}

static void test_codes_are_whole_and_short(void)
{
    for (uint64_t number = 0; number < 400; number++) {
        uint64_t counts[MOST];
        const size_t n = draw_counts(number, counts);
        struct tree tree = {0};
        double kraft = 0, cost = 0, total = 0, entropy = 0;
        unsigned longest = 0;
        CHECK(tree_init(&tree, counts, n, NULL) == W2V_OK);
        for (uint32_t word = 0; word < n; word++)
            total += (double)counts[word];
        for (uint32_t word = 0; word < n; word++) {
            unsigned turns = 0;
            for (uint32_t at = word; at != tree_root(&tree); at = tree_above(&tree, at)) {
                CHECK(tree_above(&tree, at) > at);
                turns++;
            }
            kraft += ldexp(1, -(int)turns);
            cost += (double)counts[word] * turns;
            if (counts[word] > 0) {
                entropy -= (double)counts[word] * log2((double)counts[word] / total);
                longest = turns > longest ? turns : longest;
            }
        }
        CHECK_MSG(fabs(kraft - 1) < 1e-12, "%zu words: the codes' shares add up to %g", n, kraft);
        CHECK(tree.longest == longest);
        CHECK_MSG(fabs(cost - least_cost(counts, n)) <= 1e-9 * cost, "%zu words: %g, not %g", n,
                  cost, least_cost(counts, n));
        CHECK(cost >= entropy * (1 - 1e-9) && (n == 1 || cost < entropy + total * (1 + 1e-9)));
        tree_release(&tree);
    }
}

int main(void)
{
    TEST(test_by_hand);
    TEST(test_as_fasttext_has_it);
    TEST(test_codes_are_whole_and_short);
    return test_end();
}
