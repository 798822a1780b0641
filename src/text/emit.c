/* Text written as tokens. See emit.h. */
#include "text/emit.h"

#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "text/advice.h"
#include "text/reader.h"

enum { BATCH = 256 };

struct emitter {
    const struct corpus_options *options;
    struct reader reader;
    struct outfile *out;
    atomic_uint_fast64_t n_tokens, n_lines, n_invalid;
    struct thread_turns turns; /* of the chunks, by index; its lock guards the next two members */
    bool in_line;              /* the current line of the output has tokens */
    struct advice advice;
    struct thread_failure failure;
};

/* The output of one chunk, which one thread makes. */
struct chunk_output {
    char *bytes;
    size_t n_bytes, capacity;
    bool starts_in_line; /* a token comes before its first line end */
    bool ends_in_line;   /* a token comes after its last line end */
    bool any_line_end;
};

/* Tokenizes a chunk. A space before its first token is added when the output is written. */
static int render(struct emitter *emitter, struct tokenizer *tokenizer, const struct chunk *chunk,
                  struct chunk_output *output, struct w2v_error *error)
{
    struct token tokens[BATCH];
    size_t n, n_tokens = 0, n_lines = 0;
    *output = (struct chunk_output){.bytes = output->bytes, .capacity = output->capacity};
    tokenizer_start(tokenizer, chunk->text, chunk->n_bytes);
    for (;;) {
        int status = tokenizer_next(tokenizer, tokens, BATCH, &n, error);
        if (status != W2V_OK)
            return status;
        if (n == 0)
            break;
        for (size_t i = 0; i < n; i++) {
            const struct token *token = &tokens[i];
            status = mem_grow(&output->bytes, &output->capacity,
                              output->n_bytes + token->n_bytes + 1, 1, "the output", error);
            if (status != W2V_OK)
                return status;
            if (token->n_bytes == 0) {
                output->bytes[output->n_bytes++] = '\n';
                output->ends_in_line = false;
                output->any_line_end = true;
                n_lines++;
                continue;
            }
            if (output->ends_in_line)
                output->bytes[output->n_bytes++] = ' ';
            else if (!output->any_line_end)
                output->starts_in_line = true;
            memcpy(output->bytes + output->n_bytes, token->text, token->n_bytes);
            output->n_bytes += token->n_bytes;
            output->ends_in_line = true;
            n_tokens++;
        }
    }
    if (chunk->ends_file && chunk->text[chunk->n_bytes - 1] != '\n')
        n_lines++;
    atomic_fetch_add(&emitter->n_tokens, n_tokens);
    atomic_fetch_add(&emitter->n_lines, n_lines);
    return W2V_OK;
}

/* Writes the output of a chunk, in its turn. */
static int write_chunk(struct emitter *emitter, const struct chunk *chunk,
                       const struct chunk_output *output, struct w2v_error *error)
{
    int status = W2V_OK;
    if (emitter->in_line && output->starts_in_line)
        status = outfile_write(emitter->out, " ", 1, error);
    if (status == W2V_OK && output->n_bytes > 0)
        status = outfile_write(emitter->out, output->bytes, output->n_bytes, error);
    emitter->in_line = output->ends_in_line || (emitter->in_line && !output->any_line_end);
    if (status == W2V_OK && chunk->ends_file && chunk->text[chunk->n_bytes - 1] != '\n') {
        status = outfile_write(emitter->out, "\n", 1, error);
        emitter->in_line = false;
    }
    return status;
}

/* Waits for the chunk's turn and writes its output, unless the status is a failure. */
static void take_turn(struct emitter *emitter, const struct chunk *chunk,
                      const struct chunk_output *output, int status, struct w2v_error *error)
{
    thread_turn_begin(&emitter->turns, chunk->index);
    if (status == W2V_OK && !thread_failed(&emitter->failure))
        status = write_chunk(emitter, chunk, output, error);
    if (status != W2V_OK)
        thread_fail(&emitter->failure, error);
    thread_turn_end(&emitter->turns);
}

static void emit_worker(void *arg, unsigned index, unsigned n)
{
    struct emitter *emitter = arg;
    const struct w2v_text_options *text = &emitter->options->text;
    struct tokenizer tokenizer;
    struct chunk_output output = {0};
    struct chunk chunk = {0};
    struct advice advice = {0};
    struct w2v_error error;
    (void)n;
    const struct tokenizer_rules rules = corpus_rules(text);
    int status = tokenizer_init(&tokenizer, &rules, &error);
    while (status == W2V_OK && !thread_failed(&emitter->failure)) {
        status = reader_next(&emitter->reader, &chunk, &error);
        if (status != W2V_OK || chunk.n_bytes == 0)
            break;
        advice_look(&advice, chunk.text, chunk.n_bytes);
        status = render(emitter, &tokenizer, &chunk, &output, &error);
        take_turn(emitter, &chunk, &output, status, &error);
        if (status == W2V_OK && index == 0)
            status = reader_tell(&emitter->reader, &error);
    }
    if (status != W2V_OK)
        thread_fail(&emitter->failure, &error);
    atomic_fetch_add(&emitter->n_invalid, tokenizer.n_invalid);
    pthread_mutex_lock(&emitter->turns.lock);
    advice_add(&emitter->advice, &advice);
    pthread_mutex_unlock(&emitter->turns.lock);
    tokenizer_release(&tokenizer);
    free(chunk.text);
    free(output.bytes);
}

int emit_tokens(const char *const *paths, size_t n_paths, const struct corpus_options *options,
                struct outfile *out, struct w2v_text_report *report, struct w2v_error *error)
{
    struct emitter emitter = {.options = options, .out = out};
    int status =
        reader_init(&emitter.reader, paths, n_paths, &options->text, corpus_chunk(options), error);
    if (status != W2V_OK)
        return status;
    status = thread_turns_init(&emitter.turns, error);
    if (status == W2V_OK) {
        thread_run(options->text.threads, emit_worker, &emitter);
        status = thread_outcome(&emitter.failure, error);
        thread_turns_release(&emitter.turns);
    }
    if (report != NULL)
        *report = (struct w2v_text_report){
            .n_bytes = emitter.reader.n_bytes,
            .n_lines = atomic_load(&emitter.n_lines),
            .n_tokens = atomic_load(&emitter.n_tokens),
            .n_invalid_bytes = atomic_load(&emitter.n_invalid),
            .advice = advice_text(&emitter.advice, &options->text, emitter.reader.n_bytes,
                                  atomic_load(&emitter.n_invalid)),
            .seconds = thread_seconds() - emitter.reader.watch.began,
        };
    reader_release(&emitter.reader);
    return status;
}

int emit_ids(const uint32_t *ids, size_t n_ids, emit_word_fn word, const void *words,
             struct outfile *out, struct w2v_error *error)
{
    enum { ROOM = 1 << 16 };
    int status = W2V_OK;
    bool in_line = false;
    char *bytes = NULL;
    size_t n_bytes = 0, capacity = 0, n;
    for (size_t i = 0; i < n_ids && status == W2V_OK; i++) {
        const char *text = word(words, ids[i], &n);
        const bool line_end = n == 1 && *text == '\n';
        status = mem_grow(&bytes, &capacity, n_bytes + n + 1, 1, "the output", error);
        if (status != W2V_OK)
            break;
        if (in_line && !line_end)
            bytes[n_bytes++] = ' ';
        memcpy(bytes + n_bytes, text, n);
        n_bytes += n;
        in_line = !line_end;
        if (n_bytes >= ROOM) {
            status = outfile_write(out, bytes, n_bytes, error);
            n_bytes = 0;
        }
    }
    if (status == W2V_OK && n_bytes > 0)
        status = outfile_write(out, bytes, n_bytes, error);
    free(bytes);
    return status;
}

static const char *spell_word(const void *vocab, size_t id, size_t *n_bytes)
{
    return vocab_word(vocab, id, n_bytes);
}

int emit_corpus(const struct corpus *corpus, struct outfile *out, struct w2v_error *error)
{
    return emit_ids(corpus->ids, corpus->n_tokens, spell_word, &corpus->vocab, out, error);
}
