/*
 * The iterations of t-SNE. See tsne.h. An iteration is a few phases of a crew. First come the steps of
 * the repulsion. Then pieces of the points are moved from their old places to new ones. Last, one
 * thread centres the points. Which thread moves a piece changes no bit.
 */
#include "draw/tsne.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "base/fpmath.h"
#include "base/mem.h"
#include "base/thread.h"
#include "base/watch.h"
#include "draw/repulsion.h"

enum {
    PIECE = 256,                 /* points moved at once */
    SHARES = THREAD_CREW_PIECES, /* of all pieces */
    LANES = 16                   /* sums that the attraction of a point is added in */
};

static const float EXAGGERATION = 12, MOMENTUM = 0.8f, LONGEST_STEP = 5, LEAST_GAIN = 0.01f;
static const double LOG_EXAGGERATION = 2.4849066497880004;

struct tsne {
    const struct affinity *affinity;
    struct repulsion repulsion;
    float *y, *next;     /* (n, 2): where the points are, and where they go */
    float *step, *gain;  /* (n, 2) */
    double (*middle)[2]; /* of each piece: the sum of its new places */
    unsigned iterations;
    struct watch watch;
    struct thread_crew crew;
    atomic_uint told; /* the last iteration after which progress is told */
};

static size_t pieces_of(size_t n)
{
    return (n + PIECE - 1) / PIECE;
}

/*
 * The attraction of point i: the sum over its neighbours j of p q (y_i - y_j), q = 1 / (1 + d^2). The
 * term of neighbour number e is added to sum e % LANES.
 */
static void attract(const struct tsne *t, size_t i, float pull[2])
{
    const size_t begin = t->affinity->begin[i], n = t->affinity->begin[i + 1] - begin;
    const uint32_t *place = t->affinity->place + begin;
    const float *p = t->affinity->p + begin, *const points = t->y;
    const float x = points[2 * i], y = points[2 * i + 1];
    float sum_x[LANES] = {0}, sum_y[LANES] = {0};
    size_t e = 0;
    for (; e + LANES <= n; e += LANES) {
        float dx[LANES], dy[LANES];
        for (size_t l = 0; l < LANES; l++) {
            const float *other = points + 2 * (size_t)place[e + l];
            dx[l] = other[0];
            dy[l] = other[1];
        }
        for (size_t l = 0; l < LANES; l++) {
            const float ex = x - dx[l], ey = y - dy[l];
            const float q = p[e + l] / (1 + ex * ex + ey * ey);
            sum_x[l] += q * ex;
            sum_y[l] += q * ey;
        }
    }
    for (size_t l = 0; e + l < n; l++) {
        const float *other = points + 2 * (size_t)place[e + l];
        const float ex = x - other[0], ey = y - other[1];
        const float q = p[e + l] / (1 + ex * ex + ey * ey);
        sum_x[l] += q * ex;
        sum_y[l] += q * ey;
    }
    for (size_t half = LANES / 2; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++) {
            sum_x[l] += sum_x[l + half];
            sum_y[l] += sum_y[l + half];
        }
    pull[0] = sum_x[0];
    pull[1] = sum_y[0];
}

/* The factor of the attraction. */
static float exaggeration_of(unsigned iteration, unsigned iterations)
{
    const unsigned exaggerated = iterations / 2;
    if (iteration >= exaggerated)
        return 1;
    return (float)fpmath_exp(LOG_EXAGGERATION * (exaggerated - iteration) / exaggerated);
}

static void move_piece(struct tsne *t, size_t piece, float exaggeration)
{
    const size_t n = t->affinity->n;
    const float rate = (float)n / EXAGGERATION, by_z = (float)(1 / repulsion_z(&t->repulsion));
    double middle[2] = {0, 0};
    for (size_t i = piece * PIECE; i < n && i < (piece + 1) * PIECE; i++) {
        float pull[2], push[2], step[2];
        attract(t, i, pull);
        repulsion_force(&t->repulsion, i, push);
        for (size_t k = 0; k < 2; k++) {
            const float gradient = exaggeration * pull[k] - push[k] * by_z;
            float *gain = &t->gain[2 * i + k], before = t->step[2 * i + k];
            /* A step goes against the gradient: equal signs mean that it has turned. */
            *gain = gradient * before > 0 ? *gain * 0.8f : *gain + 0.2f;
            *gain = *gain < LEAST_GAIN ? LEAST_GAIN : *gain;
            step[k] = MOMENTUM * before - rate * *gain * gradient;
        }
        const float length = sqrtf(step[0] * step[0] + step[1] * step[1]);
        const float shrink = length > LONGEST_STEP ? LONGEST_STEP / length : 1;
        for (size_t k = 0; k < 2; k++) {
            t->step[2 * i + k] = step[k] * shrink;
            t->next[2 * i + k] = t->y[2 * i + k] + step[k] * shrink;
            middle[k] += (double)t->next[2 * i + k];
        }
    }
    t->middle[piece][0] = middle[0];
    t->middle[piece][1] = middle[1];
}

/*
 * The work of the first `done` iterations, for progress. Iterations with exaggeration all take about
 * as long. Afterwards the points spread over more of the grid, and the last iteration takes some
 * seven times as long as the first.
 */
static uint64_t work_of(unsigned done, unsigned iterations)
{
    const uint64_t exaggerated = iterations / 2, rest = iterations - exaggerated;
    const uint64_t late = done > exaggerated ? done - exaggerated : 0;
    return done + 3 * late * late / rest;
}

/* Takes the new places, centred. */
static void take_places(struct tsne *t)
{
    const size_t n = t->affinity->n, n_pieces = pieces_of(n);
    double middle[2] = {0, 0};
    float *const old = t->y;
    for (size_t piece = 0; piece < n_pieces; piece++)
        for (size_t k = 0; k < 2; k++)
            middle[k] += t->middle[piece][k] / (double)n;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < 2; k++)
            t->next[2 * i + k] -= (float)middle[k];
    t->y = t->next;
    t->next = old;
}

/* The phases of an iteration: those of the forces stand between the first and the second. */
enum { BEGIN = 1, MOVE = BEGIN + REPULSION_STEPS + 1, TAKE, TELL, N_PHASES };

static void begin_phase(struct thread_member *member, unsigned iteration, int phase, size_t n)
{
    thread_phase(member, (uint64_t)iteration * N_PHASES + (unsigned)phase, n, 0);
}

/* The forces that push the points apart. */
static bool push(struct tsne *t, struct thread_member *member, unsigned iteration)
{
    struct w2v_error error;
    size_t share;
    begin_phase(member, iteration, BEGIN, 1);
    if (thread_piece(member, 0, &share) && repulsion_begin(&t->repulsion, t->y, &error) != W2V_OK)
        thread_crew_fail(&t->crew, &error);
    if (!thread_phase_end(member))
        return false;
    for (int i = 0; i < REPULSION_STEPS; i++) {
        const enum repulsion_step step = (enum repulsion_step)i;
        if (!repulsion_has(&t->repulsion, step))
            continue;
        begin_phase(member, iteration, BEGIN + 1 + i, REPULSION_SHARES);
        while (thread_piece(member, 0, &share))
            repulsion_work(&t->repulsion, step, share, member->index);
        if (!thread_phase_end(member))
            return false;
    }
    return true;
}

/* Moves all points. */
static bool move(struct tsne *t, struct thread_member *member, unsigned iteration)
{
    const float exaggeration = exaggeration_of(iteration, t->iterations);
    const bool is_last = iteration + 1 == t->iterations;
    size_t share;
    begin_phase(member, iteration, MOVE, SHARES);
    while (thread_piece(member, 0, &share))
        for (size_t piece = share; piece < pieces_of(t->affinity->n); piece += SHARES)
            move_piece(t, piece, exaggeration);
    if (!thread_phase_end(member))
        return false;
    begin_phase(member, iteration, TAKE, 1);
    if (thread_piece(member, 0, &share)) {
        take_places(t);
        if (is_last || watch_due(&t->watch))
            atomic_store_explicit(&t->told, iteration, memory_order_relaxed);
    }
    return thread_phase_end(member);
}

/* Tells progress after an iteration if it is due, on the calling thread. */
static bool tell(struct tsne *t, struct thread_member *member, unsigned iteration)
{
    const bool is_last = iteration + 1 == t->iterations;
    struct w2v_error error;
    size_t piece;
    if (atomic_load_explicit(&t->told, memory_order_relaxed) != iteration)
        return true;
    begin_phase(member, iteration, TELL, 1);
    if (member->index == 0 && thread_piece(member, 0, &piece) &&
        watch_tell(&t->watch, work_of(iteration + 1, t->iterations), is_last, &error) != W2V_OK)
        thread_crew_fail(&t->crew, &error);
    return thread_phase_end(member);
}

static void iterate(void *arg, unsigned index, unsigned n_threads)
{
    struct tsne *t = arg;
    struct thread_member member = {.crew = &t->crew, .index = index, .n_threads = n_threads};
    for (unsigned i = 0; i < t->iterations; i++)
        if (!push(t, &member, i) || !move(t, &member, i) || !tell(t, &member, i))
            return;
}

int tsne_run(const struct affinity *affinity, float *y, unsigned iterations, unsigned threads,
             w2v_progress_fn progress, void *progress_context, struct w2v_error *error)
{
    const size_t n = affinity->n, n_pieces = pieces_of(n);
    static const char what[] = "a map";
    struct tsne t = {.affinity = affinity, .iterations = iterations, .told = UINT_MAX};
    unsigned n_threads = thread_count(threads);
    n_threads = n_threads > n_pieces ? (unsigned)n_pieces : n_threads;
    watch_start(&t.watch, progress, progress_context, W2V_PHASE_MAP,
                work_of(iterations, iterations));
    float *const spare = mem_calloc(n, 2 * sizeof *spare, what, error);
    t.step = mem_calloc(n, 2 * sizeof *t.step, what, error);
    t.gain = mem_calloc(n, 2 * sizeof *t.gain, what, error);
    t.middle = mem_calloc(n_pieces, sizeof *t.middle, what, error);
    int status = W2V_ENOMEM;
    if (spare == NULL || t.step == NULL || t.gain == NULL || t.middle == NULL)
        goto done;
    for (size_t i = 0; i < 2 * n; i++)
        t.gain[i] = 1;
    t.y = y;
    t.next = spare;
    status = repulsion_make(&t.repulsion, n, repulsion_few(n), n_threads, error);
    if (status == W2V_OK)
        status = thread_crew_init(&t.crew, error);
    if (status == W2V_OK) {
        thread_run(n_threads, iterate, &t);
        thread_crew_release(&t.crew);
        status = thread_outcome(&t.crew.failure, error);
    }
    for (size_t i = 0; i < 2 * n && t.y == spare; i++)
        y[i] = spare[i];
    repulsion_release(&t.repulsion);
done:
    free(spare);
    free(t.step);
    free(t.gain);
    free(t.middle);
    return status;
}
