/* What all objectives share. See objective.h. */
#include "train/objective.h"

void objective_init(struct objective *objective, const struct objective_kind *kind,
                    const struct w2v_train_options *options, const struct layout *layout,
                    const struct sampler *sampler)
{
    *objective = (struct objective){
        .kind = kind,
        .model = options->model,
        .layout = *layout,
        .sampler = sampler,
        /* A reach drawn evenly from 1 .. N has the mean (N + 1) / 2, on both sides. */
        .contexts = options->fixed_window ? 2.0 * options->window : options->window + 1.0,
        .negative = options->negative,
        .seed = options->seed,
    };
    kind->shape(objective);
}
