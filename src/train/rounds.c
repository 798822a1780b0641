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
    struct watch watch;
    double loss;       /* the mean loss per prediction in the epoch so far */
    bool report, save; /* what the calling thread has to do: progress, after_round */
    uint64_t first;    /* the first round */
    uint64_t before;   /* corpus tokens trained by the run that this one resumes */
    _Atomic uint64_t call,
        copy;               /* the last rounds before which there is a ROUND_CALL, a ROUND_COPY */
    float *copy_to;         /* where the matrices are copied */
    atomic_size_t composed; /* tickets of compose_worker */
};

/* One thread's part in a run. */
struct worker {
    struct run *run;
    struct thread_member member;
    struct step step;
    struct plan_tools tools;
    float **rows; /* of a block: input rows, then output rows */
    size_t rows_capacity;
};

/*
 * The phases of a round, in their order. `call` and `copy` say for which round there are phases of
 * these kinds. A late thread may find a later round there. Then those of its own round have ended, and
 * it may leave them out.
 */
enum phase {
    START_ROWS = 1,
    START_HOOK,
    START_PLANS,
    START_CLAIMS,
    ROUND_CALL,
    ROUND_COPY,
    ROUND_COPIED,
    ROUND_TRAIN,
    ROUND_MERGE,
    ROUND_SCATTER,
    ROUND_CLAIM,
    N_PHASES
};

/* A phase has one or two kinds of work. */
enum { FIRST_WORK, SECOND_WORK };

static void begin_phase(struct worker *worker, uint64_t round, enum phase phase, size_t n_first,
                        size_t n_second)
{
    thread_phase(&worker->member, round * N_PHASES + phase, n_first, n_second);
}

/* Whether the thread is to do the only piece of a phase that the calling thread alone may do. */
static bool is_called(struct worker *worker)
{
    size_t piece;
    return worker->member.index == 0 && thread_piece(&worker->member, FIRST_WORK, &piece);
}

static int build_plan(struct worker *worker, uint64_t round, unsigned shard,
                      struct w2v_error *error)
{
    struct run *run = worker->run;
    const struct trainer *trainer = run->trainer;
    const struct schedule *schedule = &trainer->schedule;
    size_t begin, end;
    schedule_stretch(schedule, round, shard, &begin, &end);
    struct plan *plan = &run->plans[round % 2][shard];
    plan->tools = worker->tools;
    int status = plan_build(plan, run->corpus, &trainer->objective, &trainer->plan, begin, end,
                            round / schedule->rounds, round * schedule->shards + shard, error);
    worker->tools = plan->tools;
    plan->tools = (struct plan_tools){0};
    return status;
}

static int pick_rows(struct worker *worker, const struct plan *plan, const struct plan_block *block,
                     struct w2v_error *error)
{
    /* A block may have no rows at all. */
    int status = mem_grow(&worker->rows, &worker->rows_capacity, block->n_in + block->n_out + 1,
                          sizeof *worker->rows, "a training step", error);
    if (status != W2V_OK)
        return status;
    float **picked = worker->rows;
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
static int train_shard(struct worker *worker, uint64_t round, unsigned shard,
                       struct w2v_error *error)
{
    struct run *run = worker->run;
    struct step *step = &worker->step;
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
        status = pick_rows(worker, plan, &blocks[b], error);
        if (status != W2V_OK)
            break;
        step->n_ahead = blocks[b + ahead < n_blocks ? b + ahead : n_blocks - 1].rows_end;
        float **in = worker->rows, **out = in + blocks[b].n_in;
        status = (cbow ? step_cbow : step_skipgram)(step, plan, &blocks[b], in, out, rate, &result,
                                                    error);
        if (result.n_predictions > 0)
            count_weights(plan, &blocks[b], step);
        tally.loss += result.loss;
        tally.n_predictions += blocks[b].again ? 0 : result.n_predictions;
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

/* Whether progress is to be reported after `done` rounds: now and then, and when an epoch ends. */
static bool must_report(const struct run *run, uint64_t done)
{
    return run->watch.progress != NULL &&
           (done % run->trainer->schedule.rounds == 0 || watch_due(&run->watch));
}

/* Reports progress after `done` rounds, on the calling thread. */
static int report_progress(struct run *run, uint64_t done, struct w2v_error *error)
{
    struct watch *watch = &run->watch;
    watch->told = thread_seconds();
    const struct w2v_progress progress = {
        .phase = watch->phase,
        .done = done == run->n_rounds ? watch->total : tokens_done(run, done),
        .total = watch->total,
        .before = run->before,
        .seconds = watch->told - watch->began,
        .epoch = (unsigned)((done - 1) / run->trainer->schedule.rounds) + 1,
        .epochs = run->options->epochs,
        .learning_rate = schedule_rate(&run->trainer->schedule, done - 1),
        .loss = run->loss,
    };
    const int wish = watch->progress(watch->context, &progress);
    if (wish < 0)
        return error_set(error, W2V_EIO, "stopped in epoch %u: what was read of a file is wrong",
                         progress.epoch);
    return wish == 0 ? W2V_OK
                     : error_set(error, W2V_ESTOPPED, "stopped in epoch %u", progress.epoch);
}

/*
 * Closes a round, on one thread while the others merge: checks and sums the losses, and decides
 * whether the calling thread has work before the next round.
 */
static int close_round(struct run *run, uint64_t round, struct w2v_error *error)
{
    struct trainer *trainer = run->trainer;
    const struct trainer_hooks *hooks = run->hooks;
    struct trainer_tally sum = sum_tallies(run);
    uint64_t epoch = round / trainer->schedule.rounds;
    run->loss = mean_loss(sum);
    if (!(run->loss <= EXPLODED * LOG_2 * trainer->objective.losses))
        return error_set(error, W2V_ENUMERIC,
                         "training diverged: the loss %s in epoch %u at learning rate %g; try a "
                         "smaller --lr",
                         isfinite(sum.loss) ? "explodes" : "is not finite", (unsigned)epoch + 1,
                         schedule_rate(&run->trainer->schedule, round));
    if ((round + 1) % trainer->schedule.rounds == 0) {
        trainer->loss[epoch] = sum.n_predictions > 0 ? run->loss : (double)NAN;
        trainer->n_predictions += sum.n_predictions;
        trainer->n_trained += run->corpus->n_tokens;
        for (unsigned s = 0; s < trainer->schedule.shards; s++)
            run->tallies[s] = (struct trainer_tally){0};
    }
    trainer->place.round = round + 1;
    trainer->place.n_predictions = trainer->n_predictions;
    memcpy(trainer->place.tallies, run->tallies, sizeof run->tallies);
    run->report = must_report(run, round + 1);
    run->save =
        round + 1 < run->n_rounds && hooks->due != NULL && hooks->due(hooks->context, trainer);
    if (run->report || run->save)
        atomic_store_explicit(&run->call, round + 1, memory_order_relaxed);
    return W2V_OK;
}

/* Between two rounds, or after the last one, on the calling thread while the others wait. */
static int call_caller(struct run *run, uint64_t round, struct w2v_error *error)
{
    const struct trainer_hooks *hooks = run->hooks;
    int status = run->report ? report_progress(run, round, error) : W2V_OK;
    run->copy_to = NULL;
    if (status == W2V_OK && run->save)
        status = hooks->after_round(hooks->context, run->trainer, &run->copy_to, error);
    if (run->copy_to != NULL)
        atomic_store_explicit(&run->copy, round, memory_order_relaxed);
    return status;
}

static void plan_pieces(struct worker *worker, uint64_t round, unsigned work)
{
    struct w2v_error error;
    size_t shard;
    while (thread_piece(&worker->member, work, &shard))
        if (build_plan(worker, round, (unsigned)shard, &error) != W2V_OK)
            thread_crew_fail(&worker->run->crew, &error);
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

/* Merges the rows of a round. Without subwords each owner also claims its rows for the next one. */
static bool merge_round(struct worker *worker, uint64_t round)
{
    struct run *run = worker->run;
    const struct trainer *trainer = run->trainer;
    struct w2v_error error;
    size_t piece;
    begin_phase(worker, round, ROUND_MERGE, 1, layout_owners(&trainer->rows.layout));
    if (thread_piece(&worker->member, FIRST_WORK, &piece) &&
        close_round(run, round, &error) != W2V_OK)
        thread_crew_fail(&run->crew, &error);
    while (thread_piece(&worker->member, SECOND_WORK, &piece)) {
        merge_owned(run, piece, round);
        if (!trainer->has_subwords && round + 1 < run->n_rounds)
            claim_owned(run, piece, round + 1);
    }
    return thread_phase_end(&worker->member);
}

/* With subwords: the parts of words move, and then the rows of the next round are claimed. */
static bool move_parts(struct worker *worker, uint64_t round)
{
    struct run *run = worker->run;
    struct trainer *trainer = run->trainer;
    const size_t n_owners = layout_owners(&trainer->rows.layout);
    struct w2v_error error;
    size_t owner;
    begin_phase(worker, round, ROUND_SCATTER, n_owners, 0);
    while (thread_piece(&worker->member, FIRST_WORK, &owner))
        if (compose_scatter(&trainer->compose, &trainer->rows, owner,
                            schedule_rate(&trainer->schedule, round), trainer->schedule.centres,
                            &error) != W2V_OK)
            thread_crew_fail(&run->crew, &error);
    if (!thread_phase_end(&worker->member))
        return false;
    if (round + 1 == run->n_rounds)
        return true;
    begin_phase(worker, round, ROUND_CLAIM, n_owners, 0);
    while (thread_piece(&worker->member, FIRST_WORK, &owner))
        claim_owned(run, owner, round + 1);
    return thread_phase_end(&worker->member);
}

/*
 * A phase on all rows has SLICES pieces. A slice consists of every SLICES-th run of ROWS_A_RUN rows,
 * so that each thread has both frequent words and rare ones.
 */
enum { SLICES = THREAD_CREW_PIECES, ROWS_A_RUN = 256 };

/* The next rows of a slice: [*begin, *end). *end is 0 at first. False if there are no more. */
static bool next_rows(size_t slice, size_t n, size_t *begin, size_t *end)
{
    *begin = *end == 0 ? slice * ROWS_A_RUN : *begin + (size_t)SLICES * ROWS_A_RUN;
    *end = *begin + ROWS_A_RUN < n ? *begin + ROWS_A_RUN : n;
    return *begin < n;
}

/* Draws row `number` of the stream, evenly from -1 / dim to 1 / dim. */
static void draw_row(float *row, size_t dim, uint64_t key, uint64_t number)
{
    for (size_t k = 0; k < dim; k++) {
        const uint32_t bits = (uint32_t)(rng_at(key, number * dim + k) >> 40);
        row[k] = ((float)bits / 8388608.0f - 1) / (float)dim;
    }
}

/* Draws the row of the bucket with index i. It begins alike in every vocabulary. */
static void draw_ngram(const struct trainer *trainer, size_t i, uint64_t key)
{
    const struct compose *compose = &trainer->compose;
    draw_row(compose_ngram(compose, &trainer->rows, i), trainer->dim, key, compose->buckets[i]);
}

/*
 * Draws the input rows and sets the output rows to zero. word2vec's range of values is half as
 * wide, but then a small corpus spends much of its first epoch on growing the vectors. With subwords
 * the parts are drawn instead of the input rows.
 */
static void initialise_slice(struct run *run, size_t slice)
{
    const struct trainer *trainer = run->trainer;
    const struct layout *layout = &trainer->rows.layout;
    const size_t n_words = layout->n_inputs, dim = run->options->dim;
    const uint64_t words = rng_key(run->options->seed, STREAM_INITIAL),
                   ngrams = rng_key(run->options->seed, STREAM_NGRAMS);
    const size_t drawn = layout->n_parts > 0 ? layout_part(layout, 0) : 0;
    size_t begin = 0, end = 0;
    while (next_rows(slice, layout_rows(layout), &begin, &end))
        for (size_t i = begin; i < end; i++) {
            float *row = rows_master(&trainer->rows, i);
            if (i >= drawn && i - drawn < n_words)
                draw_row(row, dim, words, i - drawn);
            else if (i >= drawn && layout->n_parts > 0)
                draw_ngram(trainer, i - drawn - n_words, ngrams);
            else /* already 0; writing lets all threads fetch the pages from the system */
                memset(row, 0, layout->dim * sizeof *row);
        }
}

/* Calls the start hook, on the calling thread, and continues from its place. */
static int start_run(struct run *run, struct w2v_error *error)
{
    struct trainer *trainer = run->trainer;
    if (run->hooks->start != NULL) {
        int status = run->hooks->start(run->hooks->context, trainer, error);
        if (status != W2V_OK)
            return status;
    }
    trainer->n_predictions = trainer->place.n_predictions;
    trainer->n_trained = trainer->place.round / trainer->schedule.rounds * run->corpus->n_tokens;
    memcpy(run->tallies, trainer->place.tallies, sizeof run->tallies);
    run->first = trainer->place.round;
    run->before = tokens_done(run, run->first);
    watch_start(&run->watch, run->options->text.progress, run->options->text.progress_context,
                W2V_PHASE_TRAIN, run->options->epochs * (uint64_t)run->corpus->n_tokens);
    return W2V_OK;
}

/* What comes before the first round: the initial rows, the start hook, the first plans and claims. */
static bool prepare_rounds(struct worker *worker)
{
    struct run *run = worker->run;
    const struct trainer *trainer = run->trainer;
    struct w2v_error error;
    size_t piece;
    begin_phase(worker, 0, START_ROWS, SLICES, 0);
    while (thread_piece(&worker->member, FIRST_WORK, &piece))
        initialise_slice(run, piece);
    if (!thread_phase_end(&worker->member))
        return false;
    begin_phase(worker, 0, START_HOOK, 1, 0);
    if (is_called(worker) && start_run(run, &error) != W2V_OK)
        thread_crew_fail(&run->crew, &error);
    if (!thread_phase_end(&worker->member) || run->first >= run->n_rounds)
        return false;
    begin_phase(worker, 0, START_PLANS, trainer->schedule.shards, 0);
    plan_pieces(worker, run->first, FIRST_WORK);
    if (!thread_phase_end(&worker->member))
        return false;
    begin_phase(worker, 0, START_CLAIMS, layout_owners(&trainer->rows.layout), 0);
    while (thread_piece(&worker->member, FIRST_WORK, &piece))
        claim_owned(run, piece, run->first);
    return thread_phase_end(&worker->member);
}

static void copy_slice(struct run *run, size_t slice)
{
    const struct rows *rows = &run->trainer->rows;
    const size_t dim = rows->layout.dim;
    size_t begin = 0, end = 0;
    while (next_rows(slice, layout_rows(&rows->layout), &begin, &end))
        memcpy(run->copy_to + begin * dim, rows_master(rows, begin),
               (end - begin) * dim * sizeof(float));
}

/* Before a round: makes the copy that the caller asked for, and hands it over. */
static bool copy_rows(struct worker *worker, uint64_t round)
{
    struct run *run = worker->run;
    struct trainer *trainer = run->trainer;
    struct w2v_error error;
    size_t slice;
    begin_phase(worker, round, ROUND_COPY, SLICES, 0);
    while (thread_piece(&worker->member, FIRST_WORK, &slice))
        if (run->copy_to != rows_master(&trainer->rows, 0))
            copy_slice(run, slice);
    if (!thread_phase_end(&worker->member))
        return false;
    begin_phase(worker, round, ROUND_COPIED, 1, 0);
    if (is_called(worker) &&
        run->hooks->copied(run->hooks->context, trainer, run->copy_to, &error) != W2V_OK)
        thread_crew_fail(&run->crew, &error);
    return thread_phase_end(&worker->member);
}

/* Between two rounds, or after the last one: what the calling thread and its hooks have to do. */
static bool pause_rounds(struct worker *worker, uint64_t round)
{
    struct run *run = worker->run;
    struct w2v_error error;
    if (atomic_load_explicit(&run->call, memory_order_relaxed) != round)
        return true;
    begin_phase(worker, round, ROUND_CALL, 1, 0);
    if (is_called(worker) && call_caller(run, round, &error) != W2V_OK)
        thread_crew_fail(&run->crew, &error);
    if (!thread_phase_end(&worker->member))
        return false;
    return atomic_load_explicit(&run->copy, memory_order_relaxed) != round ||
           copy_rows(worker, round);
}

static bool train_round(struct worker *worker, uint64_t round)
{
    struct run *run = worker->run;
    const unsigned shards = run->trainer->schedule.shards;
    struct w2v_error error;
    size_t shard;
    begin_phase(worker, round, ROUND_TRAIN, shards, round + 1 < run->n_rounds ? shards : 0);
    while (thread_piece(&worker->member, FIRST_WORK, &shard))
        if (train_shard(worker, round, (unsigned)shard, &error) != W2V_OK)
            thread_crew_fail(&run->crew, &error);
    plan_pieces(worker, round + 1, SECOND_WORK);
    return thread_phase_end(&worker->member);
}

/* All threads go through the phases of the run. If one fails, all stop at the end of the phase. */
static void go_through_rounds(struct worker *worker)
{
    const struct run *run = worker->run;
    if (!prepare_rounds(worker))
        return;
    for (uint64_t round = run->first; round < run->n_rounds; round++)
        if (!train_round(worker, round) || !merge_round(worker, round) ||
            (run->trainer->has_subwords && !move_parts(worker, round)) ||
            !pause_rounds(worker, round + 1))
            return;
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
    struct worker worker = {.run = run,
                            .member = {.crew = &run->crew, .index = index, .n_threads = n}};
    step_init(&worker.step, run->trainer->kernel, &run->trainer->objective);
    worker.step.frozen = run->trainer->frozen;
    go_through_rounds(&worker);
    step_release(&worker.step);
    plan_tools_release(&worker.tools);
    free(worker.rows);
}

/* Counts what is done of an epoch that was stopped in the middle. */
static void count_part(const struct run *run)
{
    struct trainer *trainer = run->trainer;
    trainer->n_predictions += sum_tallies(run).n_predictions;
    trainer->n_trained = tokens_done(run, trainer->place.round);
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
    }
    if (status == W2V_ESTOPPED && trainer->place.round % trainer->schedule.rounds != 0)
        count_part(run);
    if (trainer->has_subwords && (status == W2V_OK || status == W2V_ESTOPPED))
        thread_run(threads, compose_worker, run);
    for (int i = 0; i < 2; i++)
        for (unsigned s = 0; s < SCHEDULE_MAX_SHARDS; s++)
            plan_release(&run->plans[i][s]);
    free(run);
    return status;
}
