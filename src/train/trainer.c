/* What a trainer consists of, and one run from start to end. See trainer.h and rounds.h. */
#include "train/trainer.h"

#include <stdlib.h>

#include "base/fpmath.h"
#include "train/rounds.h"

size_t trainer_bytes_per_word(const struct w2v_train_options *options)
{
    const size_t tree = options->loss == W2V_HIERARCHICAL ? 2 * sizeof(uint32_t) : 0;
    return tree + 2 * rows_bytes_per_row(options->dim) + sizeof(uint32_t) +
           sizeof(struct sampler_column) + 2 * sizeof(float) + sizeof(uint32_t);
}

static int check_vectors(const struct trainer *trainer, struct w2v_error *error)
{
    const struct rows *rows = &trainer->rows;
    const size_t n = layout_rows(&rows->layout) * rows->layout.dim;
    if (fpmath_finite(rows_master(rows, 0), n))
        return W2V_OK;
    return error_set(error, W2V_ENUMERIC,
                     "training diverged: the vectors are not finite after the last epoch, from "
                     "learning rate %g; try a smaller --lr",
                     trainer->schedule.lr);
}

static double largest_load(const struct trainer *trainer)
{
    const float *load = trainer->rows.load;
    float most = 0;
    for (size_t row = 0; row < trainer->objective.n_bounded; row++)
        most = load[row] > most ? load[row] : most;
    return (double)most;
}

/* Makes everything that the rounds need, from the corpus and the options. */
static int prepare(struct trainer *trainer, const struct corpus *corpus,
                   const struct w2v_train_options *options, struct w2v_error *error)
{
    struct layout layout = layout_of(corpus->vocab.n_words, options->loss, options->dim);
    layout_divide(&layout, options->shards);
    int status = sampler_init(&trainer->sampler, &corpus->vocab, options->sample,
                              options->ns_exponent, error);
    if (status == W2V_OK && options->subwords) {
        const struct subwords subwords = compose_subwords(options);
        trainer->has_subwords = true;
        status = compose_init(&trainer->compose, trainer->kernel, &subwords, &corpus->vocab,
                              &layout, error);
        layout.n_parts = compose_n_parts(&trainer->compose);
    }
    if (status == W2V_OK && options->loss == W2V_HIERARCHICAL)
        status = tree_init(&trainer->tree, corpus->vocab.count, corpus->vocab.n_words, error);
    if (status != W2V_OK)
        return status;
    objective_init(&trainer->objective, options, &layout, corpus, &trainer->sampler,
                   &trainer->tree);
    trainer->plan = (struct plan_options){.window = options->window,
                                          .fixed_window = options->fixed_window,
                                          .whole_line = options->whole_line};
    status = rows_init(&trainer->rows, trainer->kernel, &layout, error);
    if (status != W2V_OK)
        return status;
    trainer->objective.kind->loads(&trainer->objective, trainer->rows.load);
    if (trainer->has_subwords)
        compose_loads(&trainer->compose, &trainer->rows, &trainer->objective);
    const struct schedule_bounds bounds = {largest_load(trainer), trainer->objective.mean_load,
                                           objective_work(&trainer->objective)};
    schedule_init(&trainer->schedule, corpus, &trainer->sampler, options, &bounds);
    trainer->loss = mem_calloc(options->epochs, sizeof *trainer->loss, "the losses", error);
    if (trainer->loss == NULL)
        return W2V_ENOMEM;
    return W2V_OK;
}

int trainer_run(struct trainer *trainer, const struct corpus *corpus,
                const struct w2v_train_options *options, const struct kernel *kernel,
                const unsigned char *frozen, unsigned threads, const struct trainer_hooks *hooks,
                struct w2v_error *error)
{
    *trainer = (struct trainer){.kernel = kernel, .dim = options->dim, .frozen = frozen};
    int status = prepare(trainer, corpus, options, error);
    if (status == W2V_OK)
        status = rounds_run(trainer, corpus, options, threads, hooks, error);
    if (status == W2V_OK)
        status = check_vectors(trainer, error);
    return status;
}

void trainer_release(struct trainer *trainer)
{
    sampler_release(&trainer->sampler);
    tree_release(&trainer->tree);
    rows_release(&trainer->rows);
    compose_release(&trainer->compose);
    free(trainer->loss);
    *trainer = (struct trainer){0};
}
