/*
 * t-SNE (van der Maaten and Hinton 2008): points moved until those of words that are near in the
 * space are near on the map. The schedule is that of openTSNE (Policar, Strazar and Zupan 2024), after
 * Belkina et al. 2019 and Kobak and Berens 2019: early exaggeration 12 for 250 iterations with
 * momentum 0.5, then momentum 0.8; a learning rate of the number of words divided by 12; gains for
 * each coordinate; no step longer than 5. With a rate that rises twelvefold when the exaggeration
 * ends, as openTSNE has it now, neighbours were kept a little worse. Forces: repulsion.h.
 */
#ifndef W2V_DRAW_TSNE_H
#define W2V_DRAW_TSNE_H

#include "draw/affinity.h"

/*
 * Moves the points y, (n, 2), in so many iterations, the first 250 of them, or the first third,
 * with early exaggeration. Tells progress as W2V_PHASE_MAP, in units of work. The same bits for any
 * number of threads. W2V_ESTOPPED where progress wants it, y undefined then.
 */
int tsne_run(const struct affinity *affinity, float *y, unsigned iterations, unsigned threads,
             w2v_progress_fn progress, void *progress_context, struct w2v_error *error);

#endif
