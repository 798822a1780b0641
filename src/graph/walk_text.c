/* Walks as text. See walk_text.h. */
#include "graph/walk_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "base/watch.h"

struct walk_writer {
    const struct walker *walker;
    struct outfile *out;
    struct watch watch;
    size_t n_blocks;
    atomic_size_t ticket;
    atomic_uint_fast64_t n_nodes;
    struct thread_turns turns; /* of the blocks, by index */
    struct thread_failure failure;
};

/* The output of one block, which one thread makes. */
struct block_output {
    uint32_t *nodes;
    char *bytes;
    size_t n_bytes, capacity;
};

/* Writes the line of a walk and returns where it ends. */
static char *render_walk(const struct vocab *names, const uint32_t *nodes, char *at)
{
    for (size_t i = 0;; i++) {
        const uint32_t node = CORPUS_ID(nodes[i]);
        size_t n;
        const char *name = vocab_word(names, node, &n);
        if (n <= 8) /* most names: this loop is faster than a call of memcpy */
            for (size_t b = 0; b < n; b++)
                at[b] = name[b];
        else
            memcpy(at, name, n);
        at += n;
        const bool last = nodes[i] & CORPUS_LINE_END;
        *at++ = last ? '\n' : ' ';
        if (last)
            return at;
    }
}

static size_t walk_bytes(const struct vocab *names, const uint32_t *nodes)
{
    for (size_t i = 0, n_bytes = 0;; i++) {
        const uint32_t node = CORPUS_ID(nodes[i]);
        n_bytes += (size_t)(names->offset[node + 1] - names->offset[node]) + 1;
        if (nodes[i] & CORPUS_LINE_END)
            return n_bytes;
    }
}

static int render_block(struct walk_writer *writer, size_t block, struct block_output *output,
                        struct w2v_error *error)
{
    const struct walker *walker = writer->walker;
    const struct vocab *names = &walker->graph->names;
    const uint64_t first = (uint64_t)block * walker->block, left = walker->n_walks - first;
    const size_t n = left < walker->block ? (size_t)left : walker->block;
    atomic_fetch_add(&writer->n_nodes, walk_fill(walker, first, n, output->nodes));
    output->n_bytes = 0;
    for (size_t i = 0; i < n; i++) {
        const uint32_t *nodes = output->nodes + i * walker->length;
        int status = mem_grow(&output->bytes, &output->capacity,
                              output->n_bytes + walk_bytes(names, nodes), 1, "the output", error);
        if (status != W2V_OK)
            return status;
        char *begin = output->bytes + output->n_bytes;
        output->n_bytes += (size_t)(render_walk(names, nodes, begin) - begin);
    }
    return W2V_OK;
}

/* Waits for the block's turn and writes it, unless the status is a failure. */
static void take_turn(struct walk_writer *writer, size_t block, const struct block_output *output,
                      int status, struct w2v_error *error)
{
    thread_turn_begin(&writer->turns, block);
    if (status == W2V_OK && !thread_failed(&writer->failure))
        status = outfile_write(writer->out, output->bytes, output->n_bytes, error);
    if (status != W2V_OK)
        thread_fail(&writer->failure, error);
    thread_turn_end(&writer->turns);
}

static void write_worker(void *arg, unsigned index, unsigned n)
{
    struct walk_writer *writer = arg;
    const struct walker *walker = writer->walker;
    struct block_output output = {0};
    struct w2v_error error;
    size_t block;
    (void)n;
    output.nodes =
        mem_calloc(walker->block, walker->length * sizeof *output.nodes, "the walks", &error);
    if (output.nodes == NULL)
        thread_fail(&writer->failure, &error);
    while (!thread_failed(&writer->failure) &&
           (block = thread_ticket(&writer->ticket, writer->n_blocks)) < writer->n_blocks) {
        int status = render_block(writer, block, &output, &error);
        if (status == W2V_OK && index == 0)
            status = watch_tell(&writer->watch, (uint64_t)block * walker->block, false, &error);
        take_turn(writer, block, &output, status, &error);
    }
    free(output.nodes);
    free(output.bytes);
}

int walk_text(const struct walker *walker, struct outfile *out, const struct w2v_text_options *text,
              uint64_t *n_nodes, struct w2v_error *error)
{
    struct walk_writer writer = {.walker = walker,
                                 .out = out,
                                 .n_blocks = (size_t)((walker->n_walks - 1) / walker->block + 1)};
    watch_start(&writer.watch, text->progress, text->progress_context, W2V_PHASE_WALK,
                walker->n_walks);
    int status = thread_turns_init(&writer.turns, error);
    if (status != W2V_OK)
        return status;
    thread_run(text->threads, write_worker, &writer);
    status = thread_outcome(&writer.failure, error);
    thread_turns_release(&writer.turns);
    *n_nodes = atomic_load(&writer.n_nodes);
    return status;
}
