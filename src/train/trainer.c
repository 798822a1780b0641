/*
 * The rounds on threads. Between two barriers all threads train round r, shard by shard, and plan
 * round r + 1; between the next two they merge r and claim r + 1, owner by owner. See trainer.h,
 * rows.h and plan.h.
 */
#include "train/trainer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "train/step.h"

/* The size of a round: measured to cost no accuracy, and to keep barriers and copies cheap. */
enum { CENTRES_PER_ROUND = 2048, LEAST_PER_ROUND = 16, LEAST_PER_STRETCH = 8 };

/*
 * Skip-gram shares 16 negatives among 6 windows where word2vec draws 5 for each, weighted to count
 * as 5. Measured on letters-only Wikipedia, five epochs, means of 3 seeds (windows / negatives:
 * questions-words, wordsim353, simlex999; time of one epoch on two threads):
 *
 *     8 / 12:  37.9  .668  .307  1.9 s
 *     8 / 24:  39.4  .667  .314
 *     6 / 16:  39.4  .677  .316  2.4 s
 *     4 /  8:  37.9  .660  .311
 *     4 / 12:  39.3  .671  .316  2.3 s
 */
enum { SKIPGRAM_WINDOWS = 6, SHARED_NUMERATOR = 16, SHARED_DENOMINATOR = 5 };

/*
 * Negatives that a stretch of some 128 centres draws for every 5 that the options ask for. Each
 * serves CBOW some five times and skip-gram once or twice, blocks far apart that share no context,
 * out of the cache. Measured as above:
 *
 *     CBOW       128: 37.2 .672 .312, every one drawn anew: 37.0 .671 .305 in twice the time
 *     skip-gram  128: 38.9 .674 .313, 256: 39.1 .675 .313
 */
enum { CBOW_POOL = 128, SKIPGRAM_POOL = 256, POOL_NEGATIVES = 5 };

/* How many blocks before their use rows are asked for; a block of CBOW is soon trained. */
enum { SKIPGRAM_AHEAD = 1, CBOW_AHEAD = 3 };

enum { STREAM_INITIAL = 3 }; /* plan.c has the others */

/*
 * Knowing nothing, all scores 0, costs (1 + negative) log 2 a prediction. An epoch whose mean is so
 * many times that has left all sense, though its numbers may stay finite to the end.
 */
static const double EXPLODED = 20, LOG_2 = 0.69314718055994531;

static const double PROGRESS_SECONDS = 0.1;

struct run {
    struct trainer *trainer;
    const struct corpus *corpus;
    const struct w2v_train_options *options;
    const struct trainer_hooks *hooks;
    uint64_t n_rounds; /* of the whole run */
    struct plan plans[2][PLAN_MAX_SHARDS];
    struct trainer_tally tallies[PLAN_MAX_SHARDS];
    struct thread_barrier barrier;
    atomic_size_t shard_ticket, plan_ticket, owner_ticket, row_ticket;
    /*
     * Why two: a thread looks at `stop_in_round` only behind the barrier that ends training, and at
     * `stop_between` only behind the one that ends merging, and each is set only before; so all
     * threads see the same and leave together.
     */
    atomic_bool stop_in_round, stop_between;
    struct thread_failure failure;
    float *copy; /* where the matrices are to be copied before the next round, or NULL */
    double began, reported;
    uint64_t before; /* corpus tokens gone through when this run began */
};

size_t trainer_bytes_per_word(size_t dim)
{
    return rows_bytes_per_word(dim) + 2 * sizeof(uint32_t) + sizeof(struct sampler_column) +
           2 * sizeof(float);
}

void trainer_rates(const struct w2v_train_options *options, double *lr, double *min_lr)
{
    *lr = options->lr > 0 ? options->lr : options->model == W2V_CBOW ? 0.075 : 0.025;
    *min_lr = options->min_lr >= 0 ? options->min_lr : *lr * 1e-4;
}

static double share_done(const struct run *run, uint64_t round)
{
    return (double)round / (double)run->n_rounds;
}

static double rate_at(const struct run *run, uint64_t round)
{
    const struct trainer *trainer = run->trainer;
    return trainer->lr + (trainer->min_lr - trainer->lr) * share_done(run, round);
}

/* floor(n * part / parts) without overflow. */
static size_t cut_at(size_t n, uint64_t part, uint64_t parts)
{
    return (size_t)(n / parts * part + n % parts * part / parts);
}

static int build_plan(struct run *run, uint64_t round, unsigned shard, struct w2v_error *error)
{
    const struct trainer *trainer = run->trainer;
    size_t n = run->corpus->n_tokens;
    size_t first = cut_at(n, shard, trainer->shards), last = cut_at(n, shard + 1, trainer->shards);
    uint64_t epoch = round / trainer->rounds, part = round % trainer->rounds;
    size_t begin = first + cut_at(last - first, part, trainer->rounds);
    size_t end = first + cut_at(last - first, part + 1, trainer->rounds);
    return plan_build(&run->plans[round % 2][shard], run->corpus, &trainer->sampler, &trainer->plan,
                      begin, end, epoch, round * trainer->shards + shard, error);
}

/* One thread's pointers: to all rows of the plan in training, and to those of a block. */
struct pointers {
    float **plan, **block;
    size_t plan_capacity, block_capacity;
};

/* Finds all rows of the plan. */
static int find_rows(const struct rows *rows, const struct plan *plan, unsigned shard,
                     struct pointers *pointers, struct w2v_error *error)
{
    int status = mem_grow(&pointers->plan, &pointers->plan_capacity, plan->n_rows,
                          sizeof *pointers->plan, "a training step", error);
    for (size_t i = 0; i < plan->n_rows && status == W2V_OK; i++)
        pointers->plan[i] = rows_pointer(rows, plan->rows[i], shard);
    return status;
}

/* Picks the rows of a block, input before output. */
static int pick_rows(const struct plan *plan, const struct plan_block *block,
                     struct pointers *pointers, struct w2v_error *error)
{
    int status = mem_grow(&pointers->block, &pointers->block_capacity, block->n_in + block->n_out,
                          sizeof *pointers->block, "a training step", error);
    if (status != W2V_OK)
        return status;
    float **picked = pointers->block;
    for (uint32_t i = 0; i < block->n_in; i++)
        *picked++ = pointers->plan[plan->in[block->in + i]];
    for (uint32_t i = 0; i < block->n_out; i++)
        *picked++ = pointers->plan[plan->out[block->out + i]];
    return W2V_OK;
}

/* Trains one shard's plan of the round. */
static int train_shard(struct run *run, uint64_t round, unsigned shard, struct step *step,
                       struct pointers *pointers, struct w2v_error *error)
{
    const struct plan *plan = &run->plans[round % 2][shard];
    const struct plan_block *blocks = plan->blocks;
    const float rate = (float)rate_at(run, round);
    const bool cbow = run->options->model == W2V_CBOW;
    const size_t ahead = cbow ? CBOW_AHEAD : SKIPGRAM_AHEAD, n_blocks = plan->n_blocks;
    struct trainer_tally tally = run->tallies[shard];
    int status = find_rows(&run->trainer->rows, plan, shard, pointers, error);
    step->ahead = pointers->plan;
    step->next_ahead = 0;
    for (size_t b = 0; b < n_blocks && status == W2V_OK; b++) {
        struct step_result result = {0};
        status = pick_rows(plan, &blocks[b], pointers, error);
        if (status != W2V_OK)
            break;
        step->n_ahead = blocks[b + ahead < n_blocks ? b + ahead : n_blocks - 1].rows_end;
        float **in = pointers->block, **out = in + blocks[b].n_in;
        status = (cbow ? step_cbow : step_skipgram)(step, plan, &blocks[b], in, out, rate, &result,
                                                    error);
        tally.loss += result.loss;
        tally.n_predictions += result.n_predictions;
    }
    run->tallies[shard] = tally;
    return status;
}

static struct trainer_tally sum_tallies(const struct run *run)
{
    struct trainer_tally sum = {0};
    for (unsigned s = 0; s < run->trainer->shards; s++) {
        sum.loss += run->tallies[s].loss;
        sum.n_predictions += run->tallies[s].n_predictions;
    }
    return sum;
}

static double mean_loss(struct trainer_tally tally)
{
    return tally.n_predictions > 0 ? tally.loss / (double)tally.n_predictions : 0;
}

static int report_progress(struct run *run, uint64_t round, struct w2v_error *error)
{
    const struct w2v_text_options *text = &run->options->text;
    double now = thread_seconds();
    bool last = round + 1 == run->n_rounds;
    const bool epoch_ends = (round + 1) % run->trainer->rounds == 0;
    if (text->progress == NULL || (now - run->reported < PROGRESS_SECONDS && !epoch_ends))
        return W2V_OK;
    run->reported = now;
    struct w2v_progress progress = {
        .phase = W2V_PHASE_TRAIN,
        .done = last ? run->options->epochs * (uint64_t)run->corpus->n_tokens
                     : (uint64_t)(share_done(run, round + 1) * run->options->epochs *
                                  (double)run->corpus->n_tokens),
        .total = run->options->epochs * (uint64_t)run->corpus->n_tokens,
        .before = run->before,
        .seconds = now - run->began,
        .epoch = (unsigned)(round / run->trainer->rounds) + 1,
        .epochs = run->options->epochs,
        .learning_rate = rate_at(run, round),
        .loss = mean_loss(sum_tallies(run)),
    };
    const int wish = text->progress(text->progress_context, &progress);
    if (wish < 0)
        return error_set(error, W2V_EIO, "stopped in epoch %u: what is read of a file is wrong",
                         progress.epoch);
    return wish == 0 ? W2V_OK
                     : error_set(error, W2V_ESTOPPED, "stopped in epoch %u", progress.epoch);
}

/* After a round, on one thread while the others wait or merge: sums, checks, the outside world. */
static int after_round(struct run *run, uint64_t round, struct w2v_error *error)
{
    struct trainer *trainer = run->trainer;
    struct trainer_tally sum = sum_tallies(run);
    uint64_t epoch = round / trainer->rounds;
    if (!(mean_loss(sum) <= EXPLODED * LOG_2 * (1 + (double)run->options->negative)))
        return error_set(error, W2V_ENUMERIC,
                         "training diverged: the loss %s in epoch %u at learning rate %g; try a "
                         "smaller --lr",
                         isfinite(sum.loss) ? "explodes" : "is not finite", (unsigned)epoch + 1,
                         rate_at(run, round));
    int status = report_progress(run, round, error);
    if ((round + 1) % trainer->rounds == 0) {
        trainer->loss[epoch] = mean_loss(sum);
        trainer->n_predictions += sum.n_predictions;
        trainer->n_trained += run->corpus->n_tokens;
        for (unsigned s = 0; s < trainer->shards; s++)
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

/* Fails the run; all threads notice behind the next barrier. */
static void fail(struct run *run, atomic_bool *stop, const struct w2v_error *error)
{
    thread_fail(&run->failure, error);
    atomic_store(stop, true);
}

static void plan_round(struct run *run, uint64_t round)
{
    struct w2v_error error;
    size_t s;
    if (round >= run->n_rounds)
        return;
    while ((s = thread_ticket(&run->plan_ticket, run->trainer->shards)) < run->trainer->shards)
        if (build_plan(run, round, (unsigned)s, &error) != W2V_OK)
            fail(run, &run->stop_in_round, &error);
}

static void merge_and_claim(struct run *run, bool merge, uint64_t round, bool claim)
{
    struct trainer *trainer = run->trainer;
    struct w2v_error error;
    size_t o;
    while ((o = thread_ticket(&run->owner_ticket, PLAN_OWNERS)) < PLAN_OWNERS) {
        if (merge)
            rows_merge(&trainer->rows, o, run->plans[round % 2], trainer->shards);
        if (claim && rows_claim(&trainer->rows, o, run->plans[(round + 1) % 2], trainer->shards,
                                &error) != W2V_OK)
            fail(run, &run->stop_between, &error);
    }
}

/* word2vec's initial values: inputs even in +-1/(2 dim), outputs zero. By row, for any thread. */
static void initialise_rows(struct run *run)
{
    enum { ROWS_PER_TICKET = 256 };
    struct rows *rows = &run->trainer->rows;
    size_t n_tickets = (rows->n_words + ROWS_PER_TICKET - 1) / ROWS_PER_TICKET, ticket;
    const uint64_t key = rng_key(run->options->seed, STREAM_INITIAL);
    const size_t dim = run->options->dim;
    while ((ticket = thread_ticket(&run->row_ticket, n_tickets)) < n_tickets) {
        size_t end = (ticket + 1) * ROWS_PER_TICKET;
        for (size_t id = ticket * ROWS_PER_TICKET; id < end && id < rows->n_words; id++) {
            float *row = rows_master(rows, id);
            for (size_t k = 0; k < dim; k++) {
                uint32_t bits = (uint32_t)(rng_at(key, id * dim + k) >> 40);
                row[k] = ((float)bits / 16777216.0f - 0.5f) / (float)dim;
            }
            /* Zero already; written so that the system gives the pages now, on all threads. */
            memset(rows_master(rows, rows->n_words + id), 0, rows->dim * sizeof *row);
        }
    }
}

static void train_round(struct run *run, uint64_t round, struct step *step,
                        struct pointers *pointers)
{
    struct w2v_error error;
    const unsigned shards = run->trainer->shards;
    size_t s;
    while ((s = thread_ticket(&run->shard_ticket, shards)) < shards)
        if (train_shard(run, round, (unsigned)s, step, pointers, &error) != W2V_OK)
            fail(run, &run->stop_in_round, &error);
}

/* Between two rounds, on all threads: the copy that was asked for. */
static void copy_rows(struct run *run, unsigned index, unsigned n)
{
    enum { ROWS_PER_TICKET = 1024 };
    struct trainer *trainer = run->trainer;
    const struct rows *rows = &trainer->rows;
    const size_t n_rows = 2 * rows->n_words;
    const bool still = run->copy == rows_master(rows, 0);
    size_t ticket, n_tickets = (n_rows + ROWS_PER_TICKET - 1) / ROWS_PER_TICKET;
    struct w2v_error error;
    while (!still && (ticket = thread_ticket(&run->row_ticket, n_tickets)) < n_tickets) {
        size_t first = ticket * ROWS_PER_TICKET, left = n_rows - first;
        memcpy(run->copy + first * rows->dim, rows_master(rows, first),
               (left < ROWS_PER_TICKET ? left : ROWS_PER_TICKET) * rows->dim * sizeof(float));
    }
    thread_barrier_wait(&run->barrier, n);
    if (index == 0) {
        atomic_store(&run->row_ticket, 0);
        if (run->hooks->copied(run->hooks->context, trainer, run->copy, &error) != W2V_OK)
            fail(run, &run->stop_in_round, &error);
    }
    if (still)
        thread_barrier_wait(&run->barrier, n);
}

/* Starts where the caller says: on one thread, between two barriers. */
static void start_run(struct run *run)
{
    struct trainer *trainer = run->trainer;
    struct w2v_error error;
    atomic_store(&run->row_ticket, 0);
    if (run->hooks->start != NULL &&
        run->hooks->start(run->hooks->context, trainer, &error) != W2V_OK) {
        fail(run, &run->stop_between, &error);
        return;
    }
    trainer->n_predictions = trainer->place.n_predictions;
    trainer->n_trained = trainer->place.round / trainer->rounds * run->corpus->n_tokens;
    memcpy(run->tallies, trainer->place.tallies, sizeof run->tallies);
    run->before = (uint64_t)(share_done(run, trainer->place.round) * run->options->epochs *
                             (double)run->corpus->n_tokens);
    run->began = run->reported = thread_seconds();
}

static void train_worker(void *arg, unsigned index, unsigned n)
{
    struct run *run = arg;
    const struct trainer *trainer = run->trainer;
    struct step step;
    struct pointers pointers = {0};
    struct w2v_error error;
    step_init(&step, trainer->kernel, run->options->dim, (float)run->options->negative,
              trainer->plan.block_negatives);
    step.frozen = trainer->frozen;
    initialise_rows(run);
    thread_barrier_wait(&run->barrier, n);
    if (index == 0)
        start_run(run);
    thread_barrier_wait(&run->barrier, n);
    const uint64_t first = trainer->place.round;
    if (atomic_load(&run->stop_between) || first >= run->n_rounds)
        goto done;
    plan_round(run, first);
    thread_barrier_wait(&run->barrier, n);
    if (atomic_load(&run->stop_in_round))
        goto done;
    merge_and_claim(run, false, first - 1, true);
    if (index == 0)
        atomic_store(&run->plan_ticket, 0);
    thread_barrier_wait(&run->barrier, n);
    for (uint64_t round = first; round < run->n_rounds && !atomic_load(&run->stop_between);
         round++) {
        if (run->copy != NULL)
            copy_rows(run, index, n);
        if (index == 0)
            atomic_store(&run->owner_ticket, 0);
        train_round(run, round, &step, &pointers);
        plan_round(run, round + 1);
        thread_barrier_wait(&run->barrier, n);
        if (atomic_load(&run->stop_in_round))
            break;
        if (index == 0) {
            atomic_store(&run->shard_ticket, 0);
            atomic_store(&run->plan_ticket, 0);
            if (after_round(run, round, &error) != W2V_OK)
                fail(run, &run->stop_between, &error);
        }
        merge_and_claim(run, true, round, round + 1 < run->n_rounds);
        thread_barrier_wait(&run->barrier, n);
    }
done:
    step_release(&step);
    free(pointers.plan);
    free(pointers.block);
}

/* The schedule: rounds of some 2048 centres, smaller where a vocabulary is so small that its rows
 * would be touched too often in one. */
static void make_schedule(struct trainer *trainer, const struct corpus *corpus,
                          const struct w2v_train_options *options)
{
    size_t centres = corpus->vocab.n_words / 4;
    centres = centres > CENTRES_PER_ROUND ? CENTRES_PER_ROUND
              : centres < LEAST_PER_ROUND ? LEAST_PER_ROUND
                                          : centres;
    size_t shards = centres / LEAST_PER_STRETCH;
    trainer->shards = shards > PLAN_MAX_SHARDS ? PLAN_MAX_SHARDS : (unsigned)shards;
    double kept = trainer->sampler.n_kept / (double)corpus->vocab.total * (double)corpus->n_tokens;
    trainer->rounds = (uint64_t)(kept / (double)centres) + 1;
    trainer->plan = (struct plan_options){
        .window = options->window,
        .fixed_window = options->fixed_window,
        .block_windows = 1,
        .block_negatives = options->negative,
        .pool = (options->negative + POOL_NEGATIVES - 1) / POOL_NEGATIVES *
                (options->model == W2V_CBOW ? CBOW_POOL : SKIPGRAM_POOL),
        .seed = options->seed,
    };
    if (options->model == W2V_SKIPGRAM) {
        trainer->plan.block_windows = SKIPGRAM_WINDOWS;
        trainer->plan.block_negatives =
            (options->negative * SHARED_NUMERATOR + SHARED_DENOMINATOR - 1) / SHARED_DENOMINATOR;
    }
    trainer_rates(options, &trainer->lr, &trainer->min_lr);
}

static int check_vectors(const struct trainer *trainer, struct w2v_error *error)
{
    const struct rows *rows = &trainer->rows;
    const size_t n = 2 * rows->n_words * rows->dim;
    const float *vectors = rows_master(rows, 0);
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += vectors[i] - vectors[i]; /* 0, or no number */
    if (sum == 0)
        return W2V_OK;
    return error_set(error, W2V_ENUMERIC,
                     "training diverged: the vectors are not finite after the last epoch, from "
                     "learning rate %g; try a smaller --lr",
                     trainer->lr);
}

int trainer_run(struct trainer *trainer, const struct corpus *corpus,
                const struct w2v_train_options *options, const struct kernel *kernel,
                unsigned threads, const struct trainer_hooks *hooks, struct w2v_error *error)
{
    static const struct trainer_hooks none;
    *trainer = (struct trainer){.kernel = kernel,
                                .epochs = options->epochs,
                                .dim = options->dim,
                                .frozen = trainer->frozen};
    int status = sampler_init(&trainer->sampler, &corpus->vocab, options->sample,
                              options->ns_exponent, error);
    if (status != W2V_OK)
        return status;
    make_schedule(trainer, corpus, options);
    trainer->loss = mem_calloc(options->epochs, sizeof *trainer->loss, "the losses", error);
    struct run *run = mem_calloc(1, sizeof *run, "training", error);
    if (trainer->loss == NULL || run == NULL) {
        free(run);
        return W2V_ENOMEM;
    }
    run->trainer = trainer;
    run->corpus = corpus;
    run->options = options;
    run->hooks = hooks != NULL ? hooks : &none;
    run->n_rounds = trainer->rounds * options->epochs;
    double centres = trainer->sampler.n_kept / (double)corpus->vocab.total *
                     (double)corpus->n_tokens / (double)trainer->rounds;
    status = rows_init(&trainer->rows, kernel, options->dim, &trainer->sampler, centres,
                       options->negative, error);
    if (status == W2V_OK)
        status = thread_barrier_init(&run->barrier, error);
    if (status == W2V_OK) {
        thread_run(threads, train_worker, run);
        thread_barrier_release(&run->barrier);
        status = thread_outcome(&run->failure, error);
    }
    if (status == W2V_OK)
        status = check_vectors(trainer, error);
    for (int i = 0; i < 2; i++)
        for (unsigned s = 0; s < PLAN_MAX_SHARDS; s++)
            plan_release(&run->plans[i][s]);
    free(run);
    return status;
}

void trainer_release(struct trainer *trainer)
{
    sampler_release(&trainer->sampler);
    rows_release(&trainer->rows);
    free(trainer->loss);
    *trainer = (struct trainer){0};
}
