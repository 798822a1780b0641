/* The rounds of a run on threads. See rounds.h. */
#include "train/rounds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "base/watch.h"
#include "train/step.h"
#include "train/streams.h"

/* Rows are prefetched at least so many windows before their use. */
enum { WINDOWS_AHEAD = 3 };

/*
 * Before training all scores are 0, and the mean loss per prediction is log 2 x objective.losses.
 * If the mean loss in an epoch is more than EXPLODED times that, training has diverged, even if all
 * numbers stay finite to the end.
 */
static const double EXPLODED = 20, LOG_2 = 0.69314718055994531;

_Static_assert((int)SCHEDULE_MAX_SHARDS <= (int)THREAD_CREW_PIECES &&
                   (int)LAYOUT_MOST_OWNERS <= (int)THREAD_CREW_PIECES,
               "shards and owners are pieces of work");

struct run {
    struct trainer *trainer;
    const struct corpus *corpus;
    const struct w2v_train_options *options;
    const struct trainer_hooks *hooks;
    uint64_t n_rounds; /* of the whole run */
    struct plan plans[2][SCHEDULE_MAX_SHARDS];
    struct trainer_tally tallies[SCHEDULE_MAX_SHARDS];
    struct thread_crew crew;
    struct thread_failure torn; /* why a round's moves did not reach all parts */
    struct watch watch;
    float *copy;            /* where the matrices are to be copied before the next round, or NULL */
    uint64_t before;        /* corpus tokens trained by the run that this one resumes */
    atomic_size_t composed; /* tickets of compose_worker */
};

/* A phase has one or two kinds of work. */
enum { FIRST_WORK, SECOND_WORK };

static int build_plan(struct run *run, uint64_t round, unsigned shard, struct plan_tools *tools,
                      struct w2v_error *error)
{
    const struct trainer *trainer = run->trainer;
    const struct schedule *schedule = &trainer->schedule;
    size_t begin, end;
    schedule_stretch(schedule, round, shard, &begin, &end);
    struct plan *plan = &run->plans[round % 2][shard];
    plan->tools = *tools;
    int status = plan_build(plan, run->corpus, &trainer->objective, &trainer->plan, begin, end,
                            round / schedule->rounds, round * schedule->shards + shard, error);
    *tools = plan->tools;
    plan->tools = (struct plan_tools){0};
    return status;
}

/* One thread's pointers to the rows of a block: input rows, then output rows. */
struct pointers {
    float **rows;
    size_t capacity;
};

static int pick_rows(const struct plan *plan, const struct plan_block *block,
                     struct pointers *pointers, struct w2v_error *error)
{
    /* A block may have no rows at all. */
    int status = mem_grow(&pointers->rows, &pointers->capacity, block->n_in + block->n_out + 1,
                          sizeof *pointers->rows, "a training step", error);
    if (status != W2V_OK)
        return status;
    float **picked = pointers->rows;
    for (uint32_t i = 0; i < block->n_in; i++)
        *picked++ = plan->trained_at[plan->in[block->in + i]];
    for (uint32_t i = 0; i < block->n_out; i++)
        *picked++ = plan->trained_at[plan->out[block->out + i]];
    return W2V_OK;
}

/* Counts the weights by which the last step moved rows. */
static inline void count_weights(const struct plan *plan, const struct plan_block *block,
                                 const struct step *step)
{
    for (uint32_t i = 0; i < block->n_in; i++)
        plan->weight[plan->in[block->in + i]] += step->in_weight[i];
    for (uint32_t j = 0; j < block->n_out; j++)
        plan->weight[plan->out[block->out + j]] += step->out_weight[j];
}

/* Trains one shard's plan of the round. */
static int train_shard(struct run *run, uint64_t round, unsigned shard, struct step *step,
                       struct pointers *pointers, struct w2v_error *error)
{
    struct plan *plan = &run->plans[round % 2][shard];
    const struct plan_block *blocks = plan->blocks;
    const float rate = (float)schedule_rate(&run->trainer->schedule, round);
    const bool cbow = run->options->model == W2V_CBOW;
    const size_t windows = run->trainer->objective.block_windows, n_blocks = plan->n_blocks,
                 ahead = (WINDOWS_AHEAD + windows - 1) / windows;
    struct trainer_tally tally = run->tallies[shard];
    size_t copied = 0;
    int status = rows_place(&run->trainer->rows, shard, plan, error);
    step->matrix = rows_master(&run->trainer->rows, 0);
    step->ahead = plan->rows;
    step->trained_at = plan->trained_at;
    step->next_ahead = 0;
    for (size_t b = 0; b < n_blocks && status == W2V_OK; b++) {
        struct step_result result = {0};
        for (; copied < plan->n_contested && plan->contested_index[copied] < blocks[b].rows_end;
             copied++)
            rows_copy(&run->trainer->rows, plan, plan->contested_index[copied]);
        status = pick_rows(plan, &blocks[b], pointers, error);
        if (status != W2V_OK)
            break;
        step->n_ahead = blocks[b + ahead < n_blocks ? b + ahead : n_blocks - 1].rows_end;
        float **in = pointers->rows, **out = in + blocks[b].n_in;
        status = (cbow ? step_cbow : step_skipgram)(step, plan, &blocks[b], in, out, rate, &result,
                                                    error);
        if (result.n_predictions > 0)
            count_weights(plan, &blocks[b], step);
        tally.loss += result.loss;
        tally.n_predictions += result.n_predictions;
    }
    run->tallies[shard] = tally;
    return status;
}

static struct trainer_tally sum_tallies(const struct run *run)
{
    struct trainer_tally sum = {0};
    for (unsigned s = 0; s < run->trainer->schedule.shards; s++) {
        sum.loss += run->tallies[s].loss;
        sum.n_predictions += run->tallies[s].n_predictions;
    }
    return sum;
}

static double mean_loss(struct trainer_tally tally)
{
    return tally.n_predictions > 0 ? tally.loss / (double)tally.n_predictions : 0;
}

/* How many corpus tokens the first `n_rounds` rounds train, by their share of the run. */
static uint64_t tokens_done(const struct run *run, uint64_t n_rounds)
{
    return (uint64_t)(schedule_share(&run->trainer->schedule, n_rounds) * run->options->epochs *
                      (double)run->corpus->n_tokens);
}

/* Reports progress where a report is due, and always at the end of an epoch. */
static int report_progress(struct run *run, uint64_t round, struct w2v_error *error)
{
    struct watch *watch = &run->watch;
    const bool last = round + 1 == run->n_rounds;
    const bool epoch_ends = (round + 1) % run->trainer->schedule.rounds == 0;
    if (watch->progress == NULL || (!epoch_ends && !watch_due(watch)))
        return W2V_OK;
    watch->told = thread_seconds();
    const struct w2v_progress progress = {
        .phase = watch->phase,
        .done = last ? watch->total : tokens_done(run, round + 1),
        .total = watch->total,
        .before = run->before,
        .seconds = watch->told - watch->began,
        .epoch = (unsigned)(round / run->trainer->schedule.rounds) + 1,
        .epochs = run->options->epochs,
        .learning_rate = schedule_rate(&run->trainer->schedule, round),
        .loss = mean_loss(sum_tallies(run)),
    };
    const int wish = watch->progress(watch->context, &progress);
    if (wish < 0)
        return error_set(error, W2V_EIO, "stopped in epoch %u: what was read of a file is wrong",
                         progress.epoch);
    return wish == 0 ? W2V_OK
                     : error_set(error, W2V_ESTOPPED, "stopped in epoch %u", progress.epoch);
}

/*
 * Closes a round, on one thread while the others merge: checks and sums the losses, then calls the
 * functions of the caller.
 */
static int close_round(struct run *run, uint64_t round, struct w2v_error *error)
{
    struct trainer *trainer = run->trainer;
    struct trainer_tally sum = sum_tallies(run);
    uint64_t epoch = round / trainer->schedule.rounds;
    if (!(mean_loss(sum) <= EXPLODED * LOG_2 * trainer->objective.losses))
        return error_set(error, W2V_ENUMERIC,
                         "training diverged: the loss %s in epoch %u at learning rate %g; try a "
                         "smaller --lr",
                         isfinite(sum.loss) ? "explodes" : "is not finite", (unsigned)epoch + 1,
                         schedule_rate(&run->trainer->schedule, round));
    int status = report_progress(run, round, error);
    if ((round + 1) % trainer->schedule.rounds == 0) {
        trainer->loss[epoch] = mean_loss(sum);
        trainer->n_predictions += sum.n_predictions;
        trainer->n_trained += run->corpus->n_tokens;
        for (unsigned s = 0; s < trainer->schedule.shards; s++)
            run->tallies[s] = (struct trainer_tally){0};
    }
    trainer->place.round = round + 1;
    trainer->place.n_predictions = trainer->n_predictions;
    memcpy(trainer->place.tallies, run->tallies, sizeof run->tallies);
    run->copy = NULL;
    if (status == W2V_OK && run->hooks->after_round != NULL && round + 1 < run->n_rounds)
        status = run->hooks->after_round(run->hooks->context, trainer, &run->copy, error);
    return status;
}

static void plan_round(struct run *run, uint64_t round, unsigned index, unsigned n,
                       struct plan_tools *tools)
{
    const unsigned shards = run->trainer->schedule.shards;
    struct w2v_error error;
    size_t s;
    if (round >= run->n_rounds)
        return;
    while ((s = thread_crew_piece(&run->crew, SECOND_WORK, shards, index, n)) < shards)
        if (build_plan(run, round, (unsigned)s, tools, &error) != W2V_OK)
            thread_crew_fail(&run->crew, &error);
}

/* For one owner: merges its rows after the round. */
static void merge_owned(struct run *run, size_t owner, uint64_t round)
{
    struct trainer *trainer = run->trainer;
    rows_merge(&trainer->rows, owner, run->plans[round % 2], trainer->schedule.shards,
               schedule_rate(&trainer->schedule, round), trainer->schedule.centres);
    if (trainer->has_subwords)
        compose_moves(&trainer->compose, &trainer->rows, owner, run->plans[round % 2],
                      trainer->schedule.shards);
}

/* For one owner: prepares its rows for the round. */
static void claim_owned(struct run *run, size_t owner, uint64_t round)
{
    struct trainer *trainer = run->trainer;
    struct plan *plans = run->plans[round % 2];
    const size_t n_plans = trainer->schedule.shards;
    struct w2v_error error;
    int status = W2V_OK;
    if (trainer->has_subwords)
        status = compose_gather(&trainer->compose, &trainer->rows, owner, plans, n_plans, &error);
    if (status == W2V_OK)
        status = rows_claim(&trainer->rows, owner, plans, n_plans, &error);
    if (status != W2V_OK)
        thread_crew_fail(&run->crew, &error);
}

/*
 * Merges the rows of a round and claims those of the next one, if there is one. With subwords this
 * takes three phases.
 */
static void merge_and_claim(struct run *run, unsigned index, unsigned n, uint64_t round)
{
    struct trainer *trainer = run->trainer;
    const size_t n_owners = layout_owners(&trainer->rows.layout);
    const bool is_last = round + 1 == run->n_rounds;
    struct w2v_error error;
    size_t o;
    while ((o = thread_crew_piece(&run->crew, FIRST_WORK, n_owners, index, n)) < n_owners) {
        merge_owned(run, o, round);
        if (!trainer->has_subwords && !is_last)
            claim_owned(run, o, round + 1);
    }
    if (!trainer->has_subwords)
        return;
    /* Even if the run is stopped here, the moves of its last round must reach the parts. */
    thread_crew_meet(&run->crew, n);
    while ((o = thread_crew_piece(&run->crew, FIRST_WORK, n_owners, index, n)) < n_owners)
        if (compose_scatter(&trainer->compose, &trainer->rows, o,
                            schedule_rate(&trainer->schedule, round), trainer->schedule.centres,
                            &error) != W2V_OK) {
            thread_fail(&run->torn, &error);
            thread_crew_fail(&run->crew, &error);
        }
    if (!thread_crew_meet(&run->crew, n))
        return;
    while (!is_last &&
           (o = thread_crew_piece(&run->crew, FIRST_WORK, n_owners, index, n)) < n_owners)
        claim_owned(run, o, round + 1);
}

enum { ROWS_PER_TICKET = 256 };

/* Takes the next of n rows for a thread: [*begin, *end). False if there are none left. */
static bool take_rows(struct run *run, size_t n, size_t *begin, size_t *end)
{
    const size_t n_tickets = (n + ROWS_PER_TICKET - 1) / ROWS_PER_TICKET;
    const size_t ticket = thread_crew_ticket(&run->crew, FIRST_WORK, n_tickets);
    *begin = ticket * ROWS_PER_TICKET;
    *end = n - *begin < ROWS_PER_TICKET ? n : *begin + ROWS_PER_TICKET;
    return ticket < n_tickets;
}

/* Draws row `number` of the stream, evenly from -1 / dim to 1 / dim. */
static void draw_row(float *row, size_t dim, uint64_t key, uint64_t number)
{
    for (size_t k = 0; k < dim; k++) {
        const uint32_t bits = (uint32_t)(rng_at(key, number * dim + k) >> 40);
        row[k] = ((float)bits / 8388608.0f - 1) / (float)dim;
    }
}

/*
 * Draws the input rows and sets the output rows to zero. word2vec's range of values is half as
 * wide, but then a small corpus spends much of its first epoch on growing the vectors. A row
 * depends on its number alone, so any thread can draw it. With subwords the parts are drawn instead
 * of the input rows. An n-gram is drawn by its bucket, so that it starts alike in every vocabulary.
 */
static void initialise_rows(struct run *run)
{
    const struct trainer *trainer = run->trainer;
    const struct layout *layout = &trainer->rows.layout;
    const size_t n_words = layout->n_inputs, dim = run->options->dim;
    const uint64_t words = rng_key(run->options->seed, STREAM_INITIAL),
                   ngrams = rng_key(run->options->seed, STREAM_NGRAMS);
    const size_t drawn = layout->n_parts > 0 ? layout_part(layout, 0) : 0;
    size_t begin, end;
    while (take_rows(run, layout_rows(layout), &begin, &end))
        for (size_t i = begin; i < end; i++) {
            float *row = rows_master(&trainer->rows, i);
            if (i >= drawn && i - drawn < n_words)
                draw_row(row, dim, words, i - drawn);
            else if (i >= drawn && layout->n_parts > 0)
                draw_row(row, dim, ngrams, trainer->compose.buckets[i - drawn - n_words]);
            else /* already 0; writing lets all threads fetch the pages from the system */
                memset(row, 0, layout->dim * sizeof *row);
        }
}

static void train_round(struct run *run, uint64_t round, unsigned index, unsigned n,
                        struct step *step, struct pointers *pointers)
{
    struct w2v_error error;
    const unsigned shards = run->trainer->schedule.shards;
    size_t s;
    while ((s = thread_crew_piece(&run->crew, FIRST_WORK, shards, index, n)) < shards)
        if (train_shard(run, round, (unsigned)s, step, pointers, &error) != W2V_OK)
            thread_crew_fail(&run->crew, &error);
}

/* Between two rounds, on all threads: makes the copy that a hook asked for, and hands it over. */
static void copy_rows(struct run *run, unsigned index, unsigned n)
{
    struct trainer *trainer = run->trainer;
    const struct rows *rows = &trainer->rows;
    const bool still = run->copy == rows_master(rows, 0);
    size_t begin, end;
    struct w2v_error error;
    while (!still && take_rows(run, layout_rows(&rows->layout), &begin, &end))
        memcpy(run->copy + begin * rows->layout.dim, rows_master(rows, begin),
               (end - begin) * rows->layout.dim * sizeof(float));
    thread_crew_meet(&run->crew, n);
    if (index == 0 && run->hooks->copied(run->hooks->context, trainer, run->copy, &error) != W2V_OK)
        thread_crew_fail(&run->crew, &error);
    if (still)
        thread_crew_meet(&run->crew, n);
}

/* Calls the start hook, on one thread between two barriers, and continues from its place. */
static void start_run(struct run *run)
{
    struct trainer *trainer = run->trainer;
    struct w2v_error error;
    if (run->hooks->start != NULL &&
        run->hooks->start(run->hooks->context, trainer, &error) != W2V_OK) {
        thread_crew_fail(&run->crew, &error);
        return;
    }
    trainer->n_predictions = trainer->place.n_predictions;
    trainer->n_trained = trainer->place.round / trainer->schedule.rounds * run->corpus->n_tokens;
    memcpy(run->tallies, trainer->place.tallies, sizeof run->tallies);
    run->before = tokens_done(run, trainer->place.round);
    watch_start(&run->watch, run->options->text.progress, run->options->text.progress_context,
                W2V_PHASE_TRAIN, run->options->epochs * (uint64_t)run->corpus->n_tokens);
}

/* All threads go through the phases of the run. If one fails, all stop at the end of the phase. */
static void go_through_rounds(struct run *run, unsigned index, unsigned n, struct step *step,
                              struct pointers *pointers, struct plan_tools *tools)
{
    const struct trainer *trainer = run->trainer;
    struct thread_crew *crew = &run->crew;
    struct w2v_error error;
    initialise_rows(run);
    if (!thread_crew_meet(crew, n))
        return;
    if (index == 0)
        start_run(run);
    if (!thread_crew_meet(crew, n))
        return;
    uint64_t round = trainer->place.round;
    if (round >= run->n_rounds)
        return;
    plan_round(run, round, index, n, tools);
    if (!thread_crew_meet(crew, n))
        return;
    const size_t n_owners = layout_owners(&trainer->rows.layout);
    size_t owner;
    while ((owner = thread_crew_piece(crew, FIRST_WORK, n_owners, index, n)) < n_owners)
        claim_owned(run, owner, round);
    while (thread_crew_meet(crew, n) && round < run->n_rounds) {
        if (run->copy != NULL)
            copy_rows(run, index, n);
        train_round(run, round, index, n, step, pointers);
        plan_round(run, round + 1, index, n, tools);
        if (!thread_crew_meet(crew, n))
            return;
        if (index == 0 && close_round(run, round, &error) != W2V_OK)
            thread_crew_fail(crew, &error);
        merge_and_claim(run, index, n, round);
        round++;
    }
}

/* Composes the vectors of all words. */
static void compose_worker(void *arg, unsigned index, unsigned n)
{
    struct run *run = arg;
    const struct trainer *trainer = run->trainer;
    const size_t n_words = trainer->compose.n_words;
    size_t ticket;
    while ((ticket = thread_ticket(&run->composed, n)) < n)
        for (size_t id = n_words / n * ticket;
             id < (ticket + 1 < n ? n_words / n * (ticket + 1) : n_words); id++)
            compose_row(&trainer->compose, &trainer->rows, id);
    (void)index;
}

static void train_worker(void *arg, unsigned index, unsigned n)
{
    struct run *run = arg;
    struct step step;
    struct pointers pointers = {0};
    struct plan_tools tools = {0};
    step_init(&step, run->trainer->kernel, &run->trainer->objective);
    step.frozen = run->trainer->frozen;
    go_through_rounds(run, index, n, &step, &pointers, &tools);
    step_release(&step);
    plan_tools_release(&tools);
    free(pointers.rows);
}

int rounds_run(struct trainer *trainer, const struct corpus *corpus,
               const struct w2v_train_options *options, unsigned threads,
               const struct trainer_hooks *hooks, struct w2v_error *error)
{
    static const struct trainer_hooks none;
    struct run *run = mem_calloc(1, sizeof *run, "training", error);
    if (run == NULL)
        return W2V_ENOMEM;
    run->trainer = trainer;
    run->corpus = corpus;
    run->options = options;
    run->hooks = hooks != NULL ? hooks : &none;
    run->n_rounds = schedule_rounds(&trainer->schedule);
    int status = thread_crew_init(&run->crew, error);
    if (status == W2V_OK) {
        thread_run(threads, train_worker, run);
        thread_crew_release(&run->crew);
        status = thread_outcome(&run->crew.failure, error);
        /* A run that was stopped must be whole, or it could not go on from here. */
        if (thread_failed(&run->torn))
            status = thread_outcome(&run->torn, error);
    }
    if (trainer->has_subwords && (status == W2V_OK || status == W2V_ESTOPPED))
        thread_run(threads, compose_worker, run);
    for (int i = 0; i < 2; i++)
        for (unsigned s = 0; s < SCHEDULE_MAX_SHARDS; s++)
            plan_release(&run->plans[i][s]);
    free(run);
    return status;
}
