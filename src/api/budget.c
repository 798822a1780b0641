/* The plan of a run's memory. See budget.h. */
#include "api/budget.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

/* Memory of the program, its threads and their buffers: measured, with some margin. */
enum { PROGRAM_BYTES = 12 << 20, ROWS_A_ROUND = 14336, LEAST_FOR_CORPUS = 1 << 20 };

/* What the two plans of a shard take for each place that its windows reach beyond its stretch. */
enum { PLAN_BYTES = 192 };

struct budget budget_begin(uint64_t wished)
{
    struct budget budget = {.asked = wished != 0, .limit = limit_memory("")};
    const uint64_t most = budget.limit.n_bytes;
    budget.memory = wished == 0 && most != UINT64_MAX ? most / 2 : wished;
    if (budget.memory == 0 || budget.memory > most)
        budget.memory = most;
    return budget;
}

static uint64_t row_bytes(size_t dim)
{
    return kernel_pad(dim) * sizeof(float);
}

/*
 * The memory of the program and of the rounds, if there are n_rows rows. Each shard trains copies of the
 * rows that it shares with others. Windows reach so many places beyond its stretch.
 */
static uint64_t rounds_bytes(const struct w2v_train_options *options, uint64_t n_rows,
                             uint64_t reach)
{
    const uint64_t shards = options->shards > 0 ? options->shards : SCHEDULE_SHARDS;
    const uint64_t beyond = shards * reach, most = ROWS_A_ROUND + beyond;
    return PROGRAM_BYTES + beyond * PLAN_BYTES +
           (n_rows < most ? n_rows : most) * row_bytes(options->dim);
}

/*
 * How many places windows reach at most, on both sides of a stretch together. They do not leave the lines
 * in which it begins and ends.
 */
static uint64_t reach_of(const struct corpus *corpus, const struct w2v_train_options *options)
{
    uint64_t longest = 0;
    for (size_t at = 0, begin = 0; at < corpus->n_tokens && longest < options->window; at++) {
        longest = at + 1 - begin > longest ? at + 1 - begin : longest;
        if (corpus->ids[at] & CORPUS_LINE_END)
            begin = at + 1;
    }
    return 2 * (longest < options->window ? longest : options->window);
}

/* How many words the windows of a round have at most. */
static uint64_t words_a_round(const struct w2v_train_options *options, uint64_t reach)
{
    const uint64_t shards = options->shards > 0 ? options->shards : SCHEDULE_SHARDS;
    return options->whole_line ? SCHEDULE_ROUND * (1 + reach) : SCHEDULE_ROUND + shards * reach;
}

uint64_t budget_for_corpus(const struct budget *b, const struct w2v_train_options *options)
{
    const uint64_t taken = rounds_bytes(options, UINT64_MAX, 0) + b->start;
    if (b->memory == UINT64_MAX)
        return UINT64_MAX;
    return b->memory < taken + LEAST_FOR_CORPUS ? LEAST_FOR_CORPUS : b->memory - taken;
}

static const char *size_text(char *text, size_t n, uint64_t bytes)
{
    if (bytes >= 1000000000)
        number_format(text, n, "%.1f GB", (double)bytes * 1e-9);
    else
        number_format(text, n, "%.1f MB", (double)bytes * 1e-6);
    return text;
}

static void describe_limit(const struct budget *b, char *text, size_t n_bytes)
{
    char limit[32];
    if (b->limit.n_bytes == UINT64_MAX)
        snprintf(text, n_bytes, b->asked ? "--memory" : "no limit is known");
    else
        snprintf(text, n_bytes, "%s %s, %s", !b->asked ? "half of" : "--memory, of",
                 size_text(limit, sizeof limit, b->limit.n_bytes), b->limit.what);
}

int budget_check(const struct budget *b, struct w2v_error *error)
{
    const uint64_t least = PROGRAM_BYTES + LEAST_FOR_CORPUS;
    char asked[32], program[32];
    if (!b->asked || b->memory >= least)
        return W2V_OK;
    return error_set(
        error, W2V_ENOMEM,
        "--memory %s is too little: the program, its threads and their buffers take %s, and a "
        "corpus some more; give --memory %" PRIu64 "M or more",
        size_text(asked, sizeof asked, b->memory),
        size_text(program, sizeof program, PROGRAM_BYTES), least >> 20);
}

/* Says what does not fit: the model of --init alone, or vocabulary and matrices. */
static int refuse(const struct budget *b, uint64_t extra, size_t n_words,
                  const struct w2v_train_options *options, struct w2v_error *error)
{
    const bool from_model = options->init_path != NULL;
    char needed[32], allowed[32], limit[128];
    describe_limit(b, limit, sizeof limit);
    size_text(needed, sizeof needed, b->peak);
    size_text(allowed, sizeof allowed, b->memory);
    const char *raise = b->memory < b->limit.n_bytes ? ", or raise --memory" : "";
    if (b->peak - extra <= b->memory && extra == b->start)
        return error_set(
            error, W2V_ENOMEM,
            "with the model of --init in memory the run needs %s, more than the %s "
            "allowed (%s); 'w2v convert' makes a file of it that is not read into memory%s",
            needed, allowed, limit, raise);
    return error_set(error, W2V_ENOMEM,
                     "%zu word%s of %zu dimension%s need %s, more than the %s allowed (%s); raise "
                     "--min-count, %s--max-vocab%s%s%s",
                     n_words, error_s(n_words), options->dim, error_s(options->dim), needed,
                     allowed, limit, from_model ? "or set " : "set ",
                     from_model ? "" : " or a smaller --dim",
                     options->subwords ? ", or fewer --buckets" : "", raise);
}

int budget_plan(struct budget *b, const struct corpus *corpus,
                const struct w2v_train_options *options, bool copy, struct w2v_error *error)
{
    const size_t dim = options->dim;
    const struct subwords subwords = compose_subwords(options);
    const struct vocab *vocab = &corpus->vocab;
    const uint64_t n = vocab->n_words, row = row_bytes(dim), reach = reach_of(corpus, options);
    b->vocabulary = vocab->offset[n] + n * 2 * sizeof(uint64_t);
    b->matrices = mem_product((size_t)n, trainer_bytes_per_word(options));
    b->copy = copy ? 2 * n * row : 0;
    if (options->subwords) {
        uint64_t parts = 0;
        const uint64_t n_round = words_a_round(options, reach);
        int status = compose_measure(&subwords, vocab, dim, n_round, &b->n_ngrams, &parts, error);
        if (status != W2V_OK)
            return status;
        b->matrices += parts;
        b->copy += copy ? (n + b->n_ngrams) * row : 0;
    }
    b->in_file = corpus->in_file;
    b->corpus = corpus->n_tokens * sizeof(uint32_t);
    b->rounds = rounds_bytes(options, 2 * n, reach);
    b->peak = b->vocabulary + b->matrices + b->rounds + (b->in_file ? 0 : b->corpus);
    /* A run that was stopped writes its model beside the copy. */
    const uint64_t beside = options->save_on_interrupt ? b->writing : 0;
    if (b->copy > b->memory || b->peak + beside > b->memory - b->copy)
        b->copy = 0;
    uint64_t extra = b->copy > 0 ? b->copy + beside : 0;
    extra = extra > b->writing ? extra : b->writing;
    extra = extra > b->start ? extra : b->start;
    b->peak += extra;
    if (b->peak <= b->memory)
        return W2V_OK;
    return refuse(b, extra, vocab->n_words, options, error);
}

static void add_text(char *text, size_t n_bytes, const char *more)
{
    const size_t n = strlen(text);
    snprintf(text + n, n_bytes - n, "%s", more);
}

static void add_size(char *text, size_t n_bytes, const char *name, uint64_t bytes)
{
    char size[32];
    add_text(text, n_bytes, name);
    add_text(text, n_bytes, size_text(size, sizeof size, bytes));
}

void budget_describe(const struct budget *b, char *text, size_t n_bytes)
{
    char allowed[32], limit[128], most[192];
    text[0] = '\0';
    add_size(text, n_bytes, "vocabulary ", b->vocabulary);
    add_size(text, n_bytes, ", matrices ", b->matrices);
    add_size(text, n_bytes, ", corpus ", b->corpus);
    if (b->in_file)
        add_text(text, n_bytes, " in a temporary file");
    if (b->start > 0)
        add_size(text, n_bytes, ", model to start from ", b->start);
    if (b->copy > 0)
        add_size(text, n_bytes, ", copy for checkpoints ", b->copy);
    if (b->writing > 0)
        add_size(text, n_bytes, ", writing ", b->writing);
    add_size(text, n_bytes, "; ", b->peak);
    describe_limit(b, limit, sizeof limit);
    snprintf(most, sizeof most, " at the peak, of %s (%s)",
             b->memory == UINT64_MAX ? "memory" : size_text(allowed, sizeof allowed, b->memory),
             limit);
    add_text(text, n_bytes, most);
}
