/* The public functions on text. They check the options and call text/. See w2v.h. */
#include "base/limit.h"
#include "base/thread.h"
#include "text/emit.h"

void w2v_text_options_init(struct w2v_text_options *options)
{
    struct w2v_train_options all;
    w2v_train_options_init(&all);
    *options = all.text;
    options->min_count = 1; /* only training drops rare words by default */
}

/* To find words without spaces the whole text is needed before the first token can be written. */
static int tokenize_segmented(const char *const *paths, size_t n_paths, struct outfile *out,
                              const struct corpus_options *options, struct w2v_text_report *report,
                              struct w2v_error *error)
{
    struct w2v_text_report read;
    struct corpus corpus = {0};
    int status = corpus_read(&corpus, paths, n_paths, options, &read, error);
    if (status == W2V_OK)
        status = emit_corpus(&corpus, out, error);
    corpus_release(&corpus);
    if (report != NULL && status == W2V_OK)
        *report = read;
    return status;
}

int w2v_tokenize(const char *const *paths, size_t n_paths, const char *output,
                 const struct w2v_text_options *options, struct w2v_text_report *report,
                 struct w2v_error *error)
{
    struct corpus_options settings = {.text = *options, .line_tokens = options->segment};
    struct outfile out;
    settings.text.threads = thread_count(options->threads);
    settings.text.min_count = settings.text.max_vocab = 0;
    settings.memory = options->segment ? limit_memory("").n_bytes / 2 : 0;
    int status = corpus_check(options, error);
    if (status == W2V_OK)
        status =
            outfile_open_apart(&out, "the output", output, "the corpus", paths, n_paths, error);
    if (status != W2V_OK)
        return status;
    status = options->segment ? tokenize_segmented(paths, n_paths, &out, &settings, report, error)
                              : emit_tokens(paths, n_paths, &settings, &out, report, error);
    if (status == W2V_OK)
        return outfile_commit(&out, error);
    outfile_abort(&out);
    return status;
}

/* Counts the words into the vocabulary of `corpus`. The report may be NULL. */
static int count(struct corpus *corpus, const char *const *paths, size_t n_paths,
                 const struct w2v_text_options *options, struct w2v_text_report *report,
                 struct w2v_error *error)
{
    struct corpus_options settings = {.text = *options, .count_only = true};
    struct w2v_text_report counted;
    settings.text.threads = thread_count(options->threads);
    settings.memory = limit_memory("").n_bytes;
    const int status = corpus_read(corpus, paths, n_paths, &settings, &counted, error);
    if (report != NULL && status == W2V_OK)
        *report = counted;
    return status;
}

int w2v_count_words(const char *const *paths, size_t n_paths,
                    const struct w2v_text_options *options, w2v_word_fn visit, void *context,
                    struct w2v_text_report *report, struct w2v_error *error)
{
    struct corpus corpus = {0};
    size_t n_bytes;
    int status = corpus_check(options, error);
    if (status == W2V_OK)
        status = count(&corpus, paths, n_paths, options, report, error);
    for (size_t id = 0; status == W2V_OK && id < corpus.vocab.n_words; id++) {
        const char *word = vocab_word(&corpus.vocab, id, &n_bytes);
        visit(context, word, n_bytes, corpus.vocab.count[id]);
    }
    corpus_release(&corpus);
    return status;
}

int w2v_vocab(const char *const *paths, size_t n_paths, const char *output,
              const struct w2v_text_options *options, struct w2v_text_report *report,
              struct w2v_error *error)
{
    struct corpus corpus = {0};
    struct outfile out;
    int status = corpus_check(options, error);
    if (status == W2V_OK)
        status =
            outfile_open_apart(&out, "the output", output, "the corpus", paths, n_paths, error);
    if (status != W2V_OK)
        return status;
    status = count(&corpus, paths, n_paths, options, report, error);
    if (status == W2V_OK)
        status = vocab_write(&corpus.vocab, &out, error);
    corpus_release(&corpus);
    if (status == W2V_OK)
        return outfile_commit(&out, error);
    outfile_abort(&out);
    return status;
}
