/* What a run of training reads. See job.h. */
#include <inttypes.h>

#include "api/check.h"
#include "api/job.h"
#include "graph/walk_corpus.h"
#include "model/convert.h"
#include "text/phrase.h"

/* Takes the words that the run was given. If they have no counts, the corpus gives them. */
static int read_given_vocab(struct train_job *job, struct wordtable *table,
                            struct corpus_options *settings, struct w2v_error *error)
{
    const char *path = job->options.vocab_path;
    settings->vocab = table;
    if (job->options.resume != NULL)
        return resume_vocab(job->options.resume, table, error);
    int status = vocab_read(table, path, &job->vocab_counted, error);
    if (status == W2V_OK && !job->vocab_counted) {
        settings->vocab = NULL;
        settings->among = table;
        train_say(job, W2V_NOTICE_NOTE, "%s has no counts; its words are counted in the corpus",
                  path);
    }
    return status;
}

/* Enters the words that are kept besides those of a list with counts. They have none. */
static int add_kept(struct wordtable *table, const struct wordtable *kept, struct w2v_error *error)
{
    int status = W2V_OK;
    for (size_t id = 0; id < kept->n_words && status == W2V_OK; id++) {
        size_t n_bytes;
        uint32_t at;
        const char *text = wordtable_text(kept, id, &n_bytes);
        status = wordtable_add_word(table, text, n_bytes, 0, &at, error);
    }
    return status;
}

/* Reads the files, and keeps the words that the run was given or must keep. */
static int read_text(struct train_job *job, struct w2v_error *error)
{
    const struct w2v_train_options *o = &job->options;
    struct resume_corpus *facts = &job->run.corpus;
    struct wordtable vocab = {0};
    struct corpus_options settings = {.text = o->text,
                                      .memory = budget_for_corpus(&job->budget, o),
                                      .bytes_per_word = trainer_bytes_per_word(o)};
    int status = W2V_OK;
    settings.text.threads = job->threads;
    if (o->phrases.passes > 0)
        settings.phrases = &o->phrases;
    if (o->resume == NULL && o->vocab_mode != W2V_VOCAB_NEW) {
        settings.keep = &job->warm.words;
        settings.keep_only = o->vocab_mode == W2V_VOCAB_OLD;
    }
    if (o->resume != NULL || o->vocab_path != NULL)
        status = read_given_vocab(job, &vocab, &settings, error);
    if (status == W2V_OK && o->resume == NULL)
        status = check_words(&vocab, o->vocab_path, error);
    if (status == W2V_OK && settings.vocab != NULL && settings.keep != NULL)
        status = add_kept(&vocab, settings.keep, error);
    if (o->resume != NULL) /* the first run has chosen the words */
        settings.text.min_count = settings.text.max_vocab = 0;
    if (status == W2V_OK && o->graph) {
        const struct walk_rules rules = {o->walk.walks, o->walk.length, o->walk.p, o->walk.q,
                                         o->seed};
        status = walk_corpus_read(&job->corpus, job->run.paths, job->run.n_paths, o->walk.directed,
                                  &rules, &settings, &facts->text, &job->walk, error);
    } else if (status == W2V_OK)
        status = corpus_read(&job->corpus, job->run.paths, job->run.n_paths, &settings,
                             &facts->text, error);
    wordtable_release(&vocab);
    facts->digest = job->corpus.digest;
    facts->text_digest = job->corpus.text_digest;
    return status;
}

/* Checks that the corpus is that of the resumed run and that it can be trained on. */
static int check_text(struct train_job *job, struct w2v_error *error)
{
    const struct w2v_train_options *o = &job->options;
    struct resume_corpus *facts = &job->run.corpus;
    int status = W2V_OK;
    if (o->resume != NULL) {
        facts->text.n_distinct = o->resume->corpus.text.n_distinct;
        status = resume_check_corpus(o->resume, facts, error);
    }
    if (status == W2V_OK && facts->text.advice != NULL)
        train_say(job, W2V_NOTICE_NOTE, "%s", facts->text.advice);
    if (status == W2V_OK)
        status = check_corpus(&job->corpus, &facts->text, o, job->vocab_counted, error);
    const bool by_count = o->graph && o->resume == NULL && o->vocab_path == NULL &&
                          o->vocab_mode == W2V_VOCAB_NEW && o->text.max_vocab == 0;
    const uint64_t n_left = by_count ? job->walk.n_nodes - job->corpus.vocab.n_words : 0;
    if (status == W2V_OK && n_left > 0)
        train_say(job, W2V_NOTICE_NOTE,
                  "%" PRIu64 " of %" PRIu64 " nodes are on the walks fewer than %" PRIu64
                  " times and are left out; lower --min-count to keep them",
                  n_left, job->walk.n_nodes, o->text.min_count);
    return status;
}

/* Reports the memory that training will use, before training begins. */
static int plan_memory(struct train_job *job, struct w2v_error *error)
{
    const struct vocab *vocab = &job->corpus.vocab;
    struct ending ending;
    char plan[512];
    int status = ending_choose(&ending, job->run.output, job->options.file, error);
    if (status != W2V_OK)
        return status;
    job->budget.writing =
        convert_trained_memory(ending.file, vocab->n_words, vocab->offset[vocab->n_words]);
    status = budget_plan(&job->budget, &job->corpus, &job->options, job->saver.path != NULL, error);
    if (status != W2V_OK)
        return status;
    budget_describe(&job->budget, plan, sizeof plan);
    job->saver.still = job->budget.copy == 0;
    train_say(job, W2V_NOTICE_PLAN, "%s", plan);
    return W2V_OK;
}

int train_read_corpus(struct train_job *job, struct w2v_error *error)
{
    int status = read_text(job, error);
    if (status == W2V_OK)
        status = check_text(job, error);
    if (status == W2V_OK)
        status = plan_memory(job, error);
    if (status == W2V_OK && job->options.save_vocab_path != NULL)
        status = train_save_vocab(&job->corpus.vocab, job->options.save_vocab_path, error);
    if (status == W2V_OK)
        status = train_check_room(job, error);
    return status;
}
