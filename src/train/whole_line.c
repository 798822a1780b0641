/* Contexts drawn from whole lines. See whole_line.h. */
#include "train/whole_line.h"

#include "base/rng.h"
#include "train/streams.h"

/*
 * A random permutation of 0 .. n - 1, of which any place can be computed alone: the swap-or-not
 * shuffle (Hoang, Morris, Rogaway 2012, "An enciphering scheme based on a card shuffle"). Each
 * round draws a sum and pairs the places that add up to it modulo n. It swaps each pair or not, by
 * a random bit. After one swap a place is anywhere with equal probability. Neighbours stay together
 * only while both are swapped or neither is. So after 16 rounds an unevenness of 2^-16 is left.
 */
enum { ROUNDS = 16 };

struct shuffle {
    size_t n, sum[ROUNDS];
    uint64_t key[ROUNDS];
};

static void shuffle_init(struct shuffle *shuffle, uint64_t key, size_t n)
{
    shuffle->n = n;
    for (unsigned r = 0; r < ROUNDS; r++) {
        shuffle->sum[r] = (size_t)(rng_at(key, r) % n);
        shuffle->key[r] = rng_key(key, r);
    }
}

static size_t shuffle_at(const struct shuffle *shuffle, size_t place)
{
    for (unsigned r = 0; r < ROUNDS; r++) {
        const size_t sum = shuffle->sum[r];
        const size_t other = sum >= place ? sum - place : sum + shuffle->n - place;
        const uint64_t bits = rng_at(shuffle->key[r], place > other ? place : other);
        place = bits >> 63 ? other : place;
    }
    return place;
}

/* A line that is added to a plan. */
struct planned_line {
    struct plan *plan;
    const struct corpus *corpus;
    const struct sampler *sampler;
    uint64_t token_key;
    size_t first, n; /* its tokens are [first, first + n) */
    bool shuffled;
    struct shuffle shuffle;
};

/* Finds the line that the token `at` is in. */
static void find_corpus_line(struct plan *plan, const struct corpus *corpus, size_t at)
{
    if (at >= plan->line_first && at < plan->line_last)
        return;
    size_t first = at, last = at;
    while (first > 0 && !(corpus->ids[first - 1] & CORPUS_LINE_END))
        first--;
    while (last + 1 < corpus->n_tokens && !(corpus->ids[last] & CORPUS_LINE_END))
        last++;
    plan->line_first = first;
    plan->line_last = last + 1;
}

/* Appends the word at a place of the random order, if subsampling keeps it. */
static inline bool keep_place(const struct planned_line *line, size_t place)
{
    struct plan *plan = line->plan;
    const size_t at = line->first + (line->shuffled ? shuffle_at(&line->shuffle, place) : place);
    const uint32_t word = CORPUS_ID(line->corpus->ids[at]);
    const bool keeps =
        sampler_keeps(line->sampler, word, (uint32_t)(rng_at(line->token_key, at) >> 32));
    plan->kept[plan->n_kept] = word;
    plan->n_kept += keeps;
    return keeps;
}

/* Lists the centres at places [begin, end) of the random order, and the words in their windows. */
static void list_centres(const struct planned_line *line, size_t begin, size_t end, unsigned window)
{
    struct plan *plan = line->plan;
    const size_t first = plan->n_kept, first_centre = plan->n_centres;
    for (size_t place = begin; place < end; place++) {
        plan->centres[plan->n_centres].place = (uint32_t)plan->n_kept;
        plan->n_centres += keep_place(line, place);
    }
    const size_t n_centres = plan->n_centres - first_centre;
    if (n_centres == 0)
        return;
    size_t n_passed = end - begin; /* how many places of the circle are done */
    for (unsigned behind = 0; n_passed < line->n && behind < window; n_passed++)
        behind += keep_place(line, (begin + n_passed) % line->n);
    const size_t n =
        plan->n_kept - first; /* all kept words of the line if the circle is complete */
    const bool all = n_passed == line->n && n <= (size_t)window + 1;
    for (size_t i = 0; i < n_centres; i++) {
        struct plan_centre *centre = &plan->centres[first_centre + i];
        centre->begin = all ? (uint32_t)first : centre->place;
        centre->end = all ? (uint32_t)plan->n_kept : centre->place + window + 1;
    }
    for (size_t i = n; !all && i < n_centres + window; i++) /* the circle begins again */
        plan->kept[plan->n_kept++] = plan->kept[first + i - n];
}

int whole_line_centres(struct plan *plan, const struct corpus *corpus,
                       const struct sampler *sampler, unsigned window, uint64_t seed,
                       uint64_t epoch, size_t begin, size_t end, struct w2v_error *error)
{
    const uint64_t line_key = rng_key(rng_key(seed, STREAM_LINES), epoch);
    struct planned_line line = {.plan = plan,
                                .corpus = corpus,
                                .sampler = sampler,
                                .token_key = rng_key(rng_key(seed, STREAM_TOKENS), epoch)};
    int status = PLAN_GROW(plan->centres, plan->centres_capacity, end - begin);
    for (size_t at = begin, last; at < end && status == W2V_OK; at = last) {
        find_corpus_line(plan, corpus, at);
        line.first = plan->line_first;
        line.n = plan->line_last - plan->line_first;
        /* If all words are contexts of each other, their order does not matter. */
        line.shuffled = line.n > (size_t)window + 1;
        if (line.shuffled)
            shuffle_init(&line.shuffle, rng_key(line_key, line.first), line.n);
        last = plan->line_last < end ? plan->line_last : end;
        status =
            PLAN_GROW(plan->kept, plan->kept_capacity, plan->n_kept + (last - at) + window + 1);
        if (status == W2V_OK)
            list_centres(&line, at - line.first, last - line.first, window);
    }
    return status;
}

double whole_line_contexts(const struct corpus *corpus, const struct sampler *sampler,
                           unsigned window)
{
    double centres = 0, contexts = 0, kept = 0;
    for (size_t at = 0; at < corpus->n_tokens; at++) {
        kept += ((double)sampler->keep[CORPUS_ID(corpus->ids[at])] + 1) / 4294967296.0;
        if (!(corpus->ids[at] & CORPUS_LINE_END) && at + 1 < corpus->n_tokens)
            continue;
        const double others = kept > 1 ? kept - 1 : 0;
        contexts += kept * (others < window ? others : window);
        centres += kept;
        kept = 0;
    }
    return contexts > centres ? contexts / centres : 1;
}
