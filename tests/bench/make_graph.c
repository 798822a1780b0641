/*
 * Makes an edge list of a known kind, always the same:
 *
 *     make_graph rmat SCALE EDGES          2^SCALE nodes; R-MAT with 0.57, 0.19, 0.19, 0.05
 *                                          (Chakrabarti et al. 2004), as Graph500 has it
 *     make_graph tailed NODES EDGES        both ends drawn with probability ~ 1 / sqrt(node), and a
 *                                          weight: degrees and weights as networks of proteins have
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

static double draw(uint64_t n)
{
    return (double)(rng_at(20, n) >> 11) * 0x1p-53;
}

static void rmat(unsigned scale, uint64_t n_edges)
{
    for (uint64_t e = 0; e < n_edges; e++) {
        uint64_t from = 0, to = 0;
        for (unsigned bit = 0; bit < scale; bit++) {
            const double u = draw(e * scale + bit);
            from = from << 1 | (u >= 0.76);
            to = to << 1 | ((u >= 0.57 && u < 0.76) || u >= 0.95);
        }
        /* Numbers that tell nothing of the degree. */
        from = rng_at(21, from) & ((1u << scale) - 1);
        to = rng_at(21, to) & ((1u << scale) - 1);
        printf("%" PRIu64 "\t%" PRIu64 "\n", from, to);
    }
}

static void tailed(uint64_t n_nodes, uint64_t n_edges)
{
    for (uint64_t e = 0; e < n_edges; e++) {
        const double a = draw(3 * e), b = draw(3 * e + 1);
        printf("%" PRIu64 "\t%" PRIu64 "\t%.3f\n", (uint64_t)((double)n_nodes * a * a),
               (uint64_t)((double)n_nodes * b * b), 0.2 + 0.799 * draw(3 * e + 2));
    }
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "rmat") == 0)
        rmat((unsigned)strtoul(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
    else if (argc == 4 && strcmp(argv[1], "tailed") == 0)
        tailed(strtoull(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
    else
        return 2;
    return fflush(stdout) != 0;
}
