/* The neighbours of all words: w2v_neighbors_of_all in w2v.h. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/watch.h"
#include "model/model.h"

enum { BLOCK = 1024, BLOCK_HITS = 1 << 22 };

/* A block of words and their neighbours. */
struct neighbour_block {
    size_t ids[BLOCK];
    size_t n, capacity;
    struct w2v_hit *hits; /* (capacity, k) */
    size_t *n_hits;
};

/* Whether no equal word has a lower id. */
static bool is_first(const struct w2v_model *model, size_t id)
{
    size_t n_bytes;
    const char *word = w2v_word(model, id, &n_bytes);
    return w2v_find(model, word, n_bytes) == (int64_t)id;
}

/* Fills the block with words from `next` on. Returns where the next block begins. */
static size_t fill_block(struct neighbour_block *block, const struct w2v_model *model, size_t next,
                         size_t n)
{
    block->n = 0;
    for (; next < n && block->n < block->capacity; next++)
        if (is_first(model, next))
            block->ids[block->n++] = next;
    return next;
}

static int search_all(const struct w2v_model *model, const struct w2v_search_options *options,
                      struct neighbour_block *block, size_t n, w2v_neighbors_fn found,
                      void *context, struct watch *watch, struct w2v_error *error)
{
    int status = W2V_OK;
    for (size_t done = 0; done < n && status == W2V_OK;) {
        done = fill_block(block, model, done, n);
        status =
            w2v_neighbors(model, block->ids, block->n, options, block->hits, block->n_hits, error);
        for (size_t i = 0; i < block->n && status == W2V_OK; i++)
            found(context, block->ids[i], block->hits + i * options->k, block->n_hits[i]);
        if (status == W2V_OK)
            status = watch_tell(watch, done, done == n, error);
    }
    return status;
}

int w2v_neighbors_of_all(const struct w2v_model *model, const struct w2v_search_options *options,
                         w2v_neighbors_fn found, void *context, w2v_progress_fn progress,
                         void *progress_context, struct w2v_error *error)
{
    static const char what[] = "neighbours";
    const size_t n_words = w2v_n_words(model), restrict_to = options->restrict_to;
    const size_t n = restrict_to == 0 || restrict_to > n_words ? n_words : restrict_to;
    struct w2v_search_options search = *options;
    struct neighbour_block block = {.capacity = BLOCK};
    struct watch watch;
    int status = W2V_ENOMEM;
    if (search.k > n_words)
        search.k = n_words;
    if (search.k > BLOCK_HITS / BLOCK)
        block.capacity = search.k < BLOCK_HITS ? BLOCK_HITS / search.k : 1;
    watch_start(&watch, progress, progress_context, W2V_PHASE_SEARCH, n);
    block.hits = mem_calloc(block.capacity, mem_product(search.k, sizeof *block.hits), what, error);
    block.n_hits = mem_calloc(block.capacity, sizeof *block.n_hits, what, error);
    if (block.hits != NULL && block.n_hits != NULL)
        status = search_all(model, &search, &block, n, found, context, &watch, error);
    free(block.hits);
    free(block.n_hits);
    return status;
}
