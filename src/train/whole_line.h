/*
 * Lines without order: baskets, sessions, sets. The contexts of a centre are `window` other words
 * of its line, drawn evenly, without regard to distance. If the line has no more words than that,
 * all of them are contexts.
 *
 * Each epoch puts the words of a line on a circle, in a new random order. The contexts of a centre
 * are the `window` kept words behind it on the circle. So each pair of words of a line meets
 * equally often, whatever the order of the line, and neighbouring centres share contexts, as the
 * windows of a text do. A stretch that cuts a line trains the places [begin, end) of the random
 * order. So a cut takes no extra time, and an epoch still trains each word once.
 */
#ifndef W2V_TRAIN_WHOLE_LINE_H
#define W2V_TRAIN_WHOLE_LINE_H

#include "train/plan.h"
#include "train/sampler.h"

/*
 * Fills the plan's kept words and centres, with their windows, for the stretch [begin, end). The
 * plan remembers the line that it used last, so a plan must stay with one corpus.
 */
int whole_line_centres(struct plan *plan, const struct corpus *corpus,
                       const struct sampler *sampler, unsigned window, uint64_t seed,
                       uint64_t epoch, size_t begin, size_t end, struct w2v_error *error);

/* The expected number of contexts of a centre, at least 1. */
double whole_line_contexts(const struct corpus *corpus, const struct sampler *sampler,
                           unsigned window);

#endif
