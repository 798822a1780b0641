/* Places of words. See layout.h. */
#include "draw/layout.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "draw/tsne.h"
#include "model/selection.h"

static const double START = 1e-4;  /* the standard deviation of t-SNE's first places */
static const double JITTER = 1e-6; /* moves words apart that lie at the same place */

static const char what[] = "a layout";

/* Projects all vectors, centred, on two directions. */
static int project(struct selection *s, const double *directions, float *places,
                   struct w2v_error *error)
{
    for (size_t i = 0; i < s->n; i++) {
        const float *row;
        int status = selection_row(s, i, &row, error);
        if (status != W2V_OK)
            return status;
        for (size_t d = 0; d < 2; d++) {
            double along = 0;
            for (size_t k = 0; k < s->dim; k++)
                along += (double)row[k] * directions[d * s->dim + k];
            places[2 * i + d] = (float)along;
        }
    }
    return W2V_OK;
}

/*
 * The sign of a direction means nothing, so the component of greatest absolute value is made positive.
 */
static void choose_signs(double *directions, size_t dim)
{
    for (size_t d = 0; d < 2; d++) {
        double *const v = directions + d * dim, largest = 0;
        for (size_t k = 0; k < dim; k++)
            if (fabs(v[k]) > fabs(largest))
                largest = v[k];
        for (size_t k = 0; k < dim && largest < 0; k++)
            v[k] = -v[k];
    }
}

/* Principal directions must be fewer than dimensions. So with D = 2 the second is normal to the first. */
static int find_directions(const struct principal_rows *rows, double *directions,
                           struct w2v_error *error)
{
    int status = W2V_OK;
    if (rows->dim == 1)
        directions[0] = 1;
    else
        status = principal_directions(rows, rows->dim == 2 ? 1 : 2, directions, error);
    if (rows->dim == 2) {
        directions[2] = -directions[1];
        directions[3] = directions[0];
    }
    return status;
}

static int lay_by_principal(struct picture *p, unsigned threads, struct w2v_error *error)
{
    struct selection s;
    int status = selection_of_units(&s, p->model, p->ids, p->n, threads, error);
    if (status != W2V_OK)
        return status;
    const struct principal_rows rows = selection_rows(&s);
    double *mean = mem_calloc(s.dim, sizeof *mean, what, error);
    double *directions = mem_calloc(s.dim, 2 * sizeof *directions, what, error);
    status = mean != NULL && directions != NULL ? principal_mean(&rows, mean, error) : W2V_ENOMEM;
    s.mean = mean; /* from here on rows are centred */
    s.n_batch = 0;
    if (status == W2V_OK)
        status = find_directions(&rows, directions, error);
    if (status == W2V_OK) {
        choose_signs(directions, s.dim);
        status = project(&s, directions, p->places, error);
    }
    free(directions);
    selection_release(&s);
    return status;
}

/* Shrinks the places to where t-SNE begins. */
static void shrink(struct picture *p, uint64_t seed)
{
    const uint64_t key = rng_key(seed, 0);
    double square = 0;
    for (size_t i = 0; i < p->n; i++)
        square += (double)p->places[2 * i] * (double)p->places[2 * i];
    const double deviation = sqrt(square / (double)p->n);
    const double scale = deviation > 0 ? START / deviation : 0;
    for (size_t i = 0; i < 2 * p->n; i++) {
        const double noise = (double)(rng_at(key, i) >> 11) / 9007199254740992.0 - 0.5;
        p->places[i] = (float)((double)p->places[i] * scale + JITTER * noise);
    }
}

/* Whether all words fell on one point, as they may if all cosines are equal. */
static bool is_one_point(const struct picture *p)
{
    float most = 0;
    for (size_t i = 2; i < 2 * p->n; i++)
        most = fmaxf(most, fabsf(p->places[i] - p->places[i % 2]));
    return most < 1e-3f;
}

int layout_make(struct picture *p, const struct w2v_map_options *options, size_t n_nearest,
                struct w2v_error *error)
{
    /* With a perplexity of 2, three words are as near to each other whatever their vectors are. */
    const bool tsne = options->layout == W2V_LAYOUT_TSNE && p->n > 3;
    size_t k = tsne ? (size_t)(3 * options->perplexity) : 0;
    if (k < n_nearest)
        k = n_nearest;
    if (k > p->n - 1)
        k = p->n - 1;
    int status = lay_by_principal(p, options->threads, error);
    if (status == W2V_OK)
        status = affinity_nearest(&p->nearest, p->model, p->ids, p->n, k, options->threads,
                                  options->progress, options->progress_context, error);
    if (status != W2V_OK || !tsne)
        return status;
    struct affinity affinity;
    status = affinity_make(&affinity, &p->nearest, options->perplexity, options->threads, error);
    if (status == W2V_OK) {
        shrink(p, options->seed);
        status = tsne_run(&affinity, p->places, options->iterations, options->threads,
                          options->progress, options->progress_context, error);
    }
    if (status == W2V_OK && is_one_point(p))
        status = lay_by_principal(p, options->threads, error);
    affinity_release(&affinity);
    return status;
}
