/*
 * t-SNE (van der Maaten and Hinton 2008): points are moved until points of words that are near in
 * the space are near on the map. The attraction is exaggerated at first. The exaggeration falls
 * from 12 to 1 over the first half of the iterations, by the same factor in each, so that groups
 * find their places before their words spread. In other programs it ends at once. More
 * words then end up away from their neighbours (tests/bench/TUNING.md). The momentum is 0.8. The
 * learning rate is the number of words divided by 12 (Belkina et al. 2019; Kobak and Berens 2019).
 * Each coordinate has a gain of its own, and no step is longer than 5. For the forces see
 * repulsion.h.
 */
#ifndef W2V_DRAW_TSNE_H
#define W2V_DRAW_TSNE_H

#include "draw/affinity.h"

/*
 * Moves the points y, (n, 2), in so many iterations. Tells progress as W2V_PHASE_MAP, in units of
 * work. The result is the same bits for any number of threads. W2V_ESTOPPED where progress wants it;
 * y is undefined then.
 */
int tsne_run(const struct affinity *affinity, float *y, unsigned iterations, unsigned threads,
             w2v_progress_fn progress, void *progress_context, struct w2v_error *error);

#endif
