/* The public phrase function. It encodes the text, finds or reads phrases, and writes the text. */
#include <stdlib.h>
#include <string.h>

#include "base/infile.h"
#include "base/limit.h"
#include "base/paths.h"
#include "base/thread.h"
#include "text/corpus.h"
#include "text/emit.h"
#include "text/phrase_table.h"

void w2v_phrase_options_init(struct w2v_phrase_options *options)
{
    struct w2v_train_options all;
    w2v_train_options_init(&all);
    *options = all.phrases;
}

static const char *spell_word(const void *table, size_t id, size_t *n_bytes)
{
    return wordtable_text(table, id, n_bytes);
}

static int join_text(struct corpus *corpus, struct phrase_book *book, struct phrase_text *text,
                     const struct w2v_text_options *settings,
                     const struct w2v_phrase_options *options, const struct lines *apply,
                     uint64_t memory, struct w2v_error *error)
{
    *text = (struct phrase_text){.ids = corpus->memory.bytes, .n = corpus->n_tokens};
    int status = phrase_start(book, &corpus->vocab, error);
    vocab_release(&corpus->vocab); /* the book has copies of all its words */
    if (status != W2V_OK)
        return status;
    const int64_t line = wordtable_find(&book->words, "\n", 1);
    text->line = line >= 0 ? (uint32_t)line : PHRASE_NO_LINE;
    if (options->apply_path == NULL)
        return phrase_find(book, text, options, memory / 2, settings, error);
    status = phrase_table_take(book, infile_name(options->apply_path), *apply, error);
    return status == W2V_OK ? phrase_apply(book, text, settings->threads, error) : status;
}

/*
 * Opens the file of the text and, if it is wanted, that of the table. Before that it checks that no
 * input is replaced and that both are different files. If it fails, no file is open.
 */
static int open_outputs(struct outfile *out, struct outfile *table, const char *const *paths,
                        size_t n_paths, const char *output,
                        const struct w2v_phrase_options *options, struct w2v_error *error)
{
    struct paths files = {0};
    for (size_t i = 0; i < n_paths; i++)
        paths_input(&files, "the corpus", paths[i]);
    paths_input(&files, "the table of phrases to join", options->apply_path);
    paths_output(&files, "the text", output);
    paths_output(&files, "the table of phrases", options->save_path);
    int status = paths_check(&files, error);
    paths_release(&files);
    if (status == W2V_OK)
        status = outfile_open_packed(out, output, error);
    if (status != W2V_OK || options->save_path == NULL)
        return status;
    status = outfile_open_packed(table, options->save_path, error);
    if (status != W2V_OK)
        outfile_abort(out);
    else /* if one file loses its reader, the other is still written */
        out->may_lose_reader = table->may_lose_reader = true;
    return status;
}

/* Commits or aborts the files. The text, which the user asked for, takes its name last. */
static int close_outputs(struct outfile *out, struct outfile *table, bool saves, int status,
                         struct w2v_error *error)
{
    if (saves)
        return outfile_commit_both(table, out, status, error);
    if (status == W2V_OK)
        return outfile_commit(out, error);
    outfile_abort(out);
    return status;
}

int w2v_phrases(const char *const *paths, size_t n_paths, const char *output,
                const struct w2v_text_options *text, const struct w2v_phrase_options *options,
                struct w2v_text_report *report, struct w2v_error *error)
{
    const uint64_t memory = options->memory != 0 ? options->memory : limit_memory("").n_bytes / 2;
    struct w2v_phrase_options wanted = *options;
    struct corpus_options settings = {.text = *text, .line_tokens = true, .memory = memory / 2};
    struct w2v_text_report read = {0};
    struct phrase_book book = {0};
    struct phrase_text joined = {0};
    struct corpus corpus = {0};
    struct outfile out, table;
    struct lines apply = {0};
    settings.text.threads = thread_count(text->threads);
    settings.text.min_count = 1;
    settings.text.max_vocab = 0;
    phrase_settle(&wanted);
    int status = corpus_check(text, error);
    if (status == W2V_OK)
        status = phrase_check(&wanted, error);
    if (status == W2V_OK)
        status = open_outputs(&out, &table, paths, n_paths, output, &wanted, error);
    if (status != W2V_OK)
        return status;
    if (wanted.apply_path != NULL)
        status = phrase_table_load(&apply, wanted.apply_path, error);
    if (status == W2V_OK)
        status = corpus_read(&corpus, paths, n_paths, &settings, &read, error);
    if (status == W2V_OK)
        status = join_text(&corpus, &book, &joined, &settings.text, &wanted, &apply, memory, error);
    if (status == W2V_OK)
        status = emit_ids(joined.ids, joined.n, spell_word, &book.words, &out, error);
    if (status == W2V_OK && wanted.save_path != NULL)
        status = phrase_table_write(&book, &table, error);
    read.n_words = read.n_distinct;
    read.n_corpus = read.n_tokens;
    read.n_phrases = book.n;
    read.n_joined = book.n_joined;
    read.phrase_error = book.error;
    phrase_release(&book);
    corpus_release(&corpus);
    lines_release(&apply);
    status = close_outputs(&out, &table, wanted.save_path != NULL, status, error);
    if (report != NULL && status == W2V_OK)
        *report = read;
    return status;
}
