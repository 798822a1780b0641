/* The first centres of clusters. See seeding.h. */
#include "query/seeding.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/thread.h"

enum {
    STRETCH = 96,           /* vectors that a thread measures at once */
    SAMPLE_LEAST = 16384,   /* the sample has at least so many vectors, */
    SAMPLE_A_CENTRE = 8,    /* and at least so many for each centre */
    NUMBERS_ALONE = 1 << 20 /* a sample of fewer numbers is not worth several threads */
};

static const char what[] = "clusters";

struct draw {
    const struct seeding *seeding;
    size_t *sample, n_sample; /* numbers of vectors */
    bool *drawn;              /* (n_sample) */
    double *distance;         /* (n_sample): 1 - cosine to the nearest centre so far */
    size_t newest;            /* the centre drawn last, as a place in the sample */
    atomic_size_t ticket;
};

static const float *unit_of(const struct draw *draw, size_t place)
{
    return draw->seeding->units + draw->sample[place] * draw->seeding->stride;
}

/* Updates the distances of the sample with those to the newest centre. */
static void measure_distances(void *arg, unsigned index, unsigned n_threads)
{
    struct draw *draw = arg;
    const float *centre = unit_of(draw, draw->newest);
    size_t first, n;
    (void)index;
    (void)n_threads;
    while (thread_stretch(&draw->ticket, draw->n_sample, STRETCH, &first, &n)) {
        const float *rows[STRETCH];
        float cosines[STRETCH];
        for (size_t i = 0; i < n; i++)
            rows[i] = unit_of(draw, first + i);
        draw->seeding->kernel->dots(&centre, 1, rows, n, draw->seeding->dim, cosines, STRETCH);
        for (size_t i = 0; i < n; i++) {
            const double distance = cosines[i] < 1 ? 1 - (double)cosines[i] : 0;
            if (distance < draw->distance[first + i])
                draw->distance[first + i] = distance;
        }
        if (draw->newest >= first && draw->newest < first + n)
            draw->distance[draw->newest] = 0;
    }
}

/* Cuts the usable vectors into n_sample equal stretches and draws one of each. */
static void draw_sample(struct draw *draw)
{
    const struct seeding *s = draw->seeding;
    size_t seen = 0, stretch = 0, pick = 0;
    const uint64_t key = rng_key(s->seed, 0);
    for (size_t i = 0; i < s->n && stretch < draw->n_sample; i++) {
        if (!s->usable[i])
            continue;
        const size_t first =
            (size_t)((double)s->n_usable * (double)stretch / (double)draw->n_sample);
        const size_t end =
            (size_t)((double)s->n_usable * (double)(stretch + 1) / (double)draw->n_sample);
        if (seen == first)
            pick =
                first + rng_below((uint32_t)(rng_at(key, stretch) >> 32), (uint32_t)(end - first));
        if (seen == pick)
            draw->sample[stretch] = i;
        if (++seen >= end)
            stretch++;
    }
}

/*
 * Draws a place in the sample, with a probability proportional to its distance. If all distances
 * are 0, takes the first place that is not drawn yet.
 */
static size_t draw_by_distance(const struct draw *draw, uint64_t bits)
{
    double total = 0, at = 0;
    size_t last = SIZE_MAX;
    for (size_t i = 0; i < draw->n_sample; i++)
        total += draw->distance[i];
    const double goal = (double)(bits >> 11) / 9007199254740992.0 * total;
    for (size_t i = 0; i < draw->n_sample; i++) {
        if (draw->drawn[i] || (total > 0 && !(draw->distance[i] > 0)))
            continue;
        last = i;
        at += draw->distance[i];
        if (at > goal || !(total > 0))
            break;
    }
    return last;
}

static void draw_centres(struct draw *draw, float *centres)
{
    const struct seeding *s = draw->seeding;
    const uint64_t key = rng_key(s->seed, 1);
    const unsigned threads = draw->n_sample * s->dim < NUMBERS_ALONE ? 1 : s->threads;
    for (size_t i = 0; i < draw->n_sample; i++)
        draw->distance[i] = 2; /* the greatest possible; so the first centre is drawn evenly */
    for (size_t j = 0; j < s->k; j++) {
        draw->newest = draw_by_distance(draw, rng_at(key, j));
        draw->drawn[draw->newest] = true;
        memcpy(centres + j * s->stride, unit_of(draw, draw->newest), s->dim * sizeof *centres);
        atomic_store_explicit(&draw->ticket, 0, memory_order_relaxed);
        thread_run(threads, measure_distances, draw);
    }
}

int seeding_run(const struct seeding *seeding, float *centres, struct w2v_error *error)
{
    struct draw draw = {.seeding = seeding, .n_sample = mem_product(SAMPLE_A_CENTRE, seeding->k)};
    if (draw.n_sample < SAMPLE_LEAST)
        draw.n_sample = SAMPLE_LEAST;
    if (draw.n_sample > seeding->n_usable)
        draw.n_sample = seeding->n_usable;
    draw.sample = mem_calloc(draw.n_sample, sizeof *draw.sample, what, error);
    draw.distance = mem_calloc(draw.n_sample, sizeof *draw.distance, what, error);
    draw.drawn = mem_calloc(draw.n_sample, sizeof *draw.drawn, what, error);
    int status = W2V_ENOMEM;
    if (draw.sample != NULL && draw.distance != NULL && draw.drawn != NULL) {
        draw_sample(&draw);
        draw_centres(&draw, centres);
        status = W2V_OK;
    }
    free(draw.sample);
    free(draw.distance);
    free(draw.drawn);
    return status;
}
