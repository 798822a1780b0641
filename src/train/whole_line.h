/*
 * Lines without order: baskets, sessions, sets. The contexts of a centre are `window` other words
 * that are drawn evenly from its line, without regard to distance; all of them where the line has
 * no more.
 *
 * The words of a line stand on a circle in an order that is drawn anew for each epoch. The contexts
 * of a centre are the `window` kept words behind it on the circle. So each pair of words of a line
 * meets equally often, whatever the line's order, and neighbouring centres share contexts, as the
 * windows of a text do. A stretch trains the places [begin, end) of the drawn order. So it takes no
 * more time where it cuts a long line, and an epoch still is each word once.
 */
#ifndef W2V_TRAIN_WHOLE_LINE_H
#define W2V_TRAIN_WHOLE_LINE_H

#include "train/plan.h"
#include "train/sampler.h"

/*
 * Fills the plan's kept words and centres, with their windows, for the stretch [begin, end). A line
 * that does not end in the stretch is remembered in the plan, which is therefore for one corpus.
 */
int whole_line_centres(struct plan *plan, const struct corpus *corpus,
                       const struct sampler *sampler, unsigned window, uint64_t seed,
                       uint64_t epoch, size_t begin, size_t end, struct w2v_error *error);

/* How many contexts a centre has, expected. */
double whole_line_contexts(const struct corpus *corpus, const struct sampler *sampler,
                           unsigned window);

#endif
