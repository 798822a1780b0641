/* Checkpoints of a running trainer. See saver.h. */
#include "train/saver.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/number.h"

int saver_interval(struct saver *saver, const char *text, struct w2v_error *error)
{
    const size_t n_bytes = strlen(text);
    const char unit = n_bytes > 0 ? text[n_bytes - 1] : '\0';
    double n;
    saver->seconds = saver->epochs = 0;
    saver->words = 0;
    if (n_bytes > 0 && number_parse_double(text, n_bytes - 1, &n) && isfinite(n) && n > 0) {
        if (unit == 's' || unit == 'm' || unit == 'h')
            saver->seconds = n * (unit == 's' ? 1 : unit == 'm' ? 60 : 3600);
        else if (unit == 'e')
            saver->epochs = n;
        else if (unit == 'w' && n >= 1 && n < 1e18)
            saver->words = (uint64_t)n;
    }
    if (saver->seconds > 0 || saver->epochs > 0 || saver->words > 0)
        return W2V_OK;
    return error_set(error, W2V_EARG,
                     "--checkpoint-every %s: must be a time (30s, 10m, 2h), epochs (1e) or words "
                     "(200000w)",
                     text);
}

/* The next round after `round` after which a checkpoint is due by words or epochs. */
static uint64_t next_round(const struct saver *saver, uint64_t round)
{
    return round / saver->every * saver->every + saver->every;
}

void saver_init(struct saver *saver, const struct trainer *trainer)
{
    const double epochs =
        saver->words > 0 ? (double)saver->words / (double)saver->corpus->n_tokens : saver->epochs;
    const double rounds = epochs * (double)trainer->schedule.rounds;
    saver->every = rounds < 1 ? 1 : rounds < 1e18 ? (uint64_t)(rounds + 0.5) : (uint64_t)1e18;
    saver->next = next_round(saver, trainer->place.round);
    saver->last = thread_seconds();
    saver->round = UINT64_MAX;
}

static int write_file(struct saver *saver, struct w2v_error *error)
{
    const struct checkpoint_content content = {.text = saver->text,
                                               .n_text = saver->n_text,
                                               .vocab = &saver->corpus->vocab,
                                               .trainer = saver->trainer,
                                               .place = &saver->place,
                                               .rows = saver->rows};
    return checkpoint_write(saver->path, &content, error);
}

static void *write_on_thread(void *arg)
{
    struct saver *saver = arg;
    saver->status = write_file(saver, &saver->error);
    atomic_store(&saver->written, true);
    return NULL;
}

/* Waits for the thread and handles the outcome of its file. Only W2V_ENUMERIC ends the run. */
static int finish_file(struct saver *saver, struct w2v_error *error)
{
    if (saver->writing)
        pthread_join(saver->thread, NULL);
    saver->writing = false;
    if (saver->status == W2V_OK) {
        saver->round = saver->place.round;
    } else if (saver->status == W2V_ENUMERIC) {
        error_copy(error, &saver->error);
    } else if (saver->failed != NULL) {
        saver->failed(saver->context, &saver->error);
    }
    return saver->status == W2V_ENUMERIC ? W2V_ENUMERIC : W2V_OK;
}

static bool is_time(const struct saver *saver, const struct trainer *trainer)
{
    return saver->seconds > 0 ? thread_seconds() - saver->last >= saver->seconds
                              : trainer->place.round >= saver->next;
}

bool saver_due(void *context, const struct trainer *trainer)
{
    struct saver *saver = context;
    return saver->writing ? atomic_load(&saver->written) : is_time(saver, trainer);
}

int saver_after_round(void *context, const struct trainer *trainer, float **copy,
                      struct w2v_error *error)
{
    struct saver *saver = context;
    if (saver->writing) {
        int status = finish_file(saver, error);
        if (status != W2V_OK)
            return status;
    }
    if (!is_time(saver, trainer))
        return W2V_OK;
    saver->last = thread_seconds();
    saver->next = next_round(saver, trainer->place.round);
    const struct rows *rows = &trainer->rows;
    if (!saver->still && saver->copy.bytes == NULL &&
        mem_map(&saver->copy, mem_product(layout_rows(&rows->layout), rows->layout.dim),
                sizeof(float), "a checkpoint", NULL) != W2V_OK)
        saver->still = true;
    *copy = saver->still ? rows_master(rows, 0) : saver->copy.bytes;
    return W2V_OK;
}

int saver_copied(void *context, const struct trainer *trainer, const float *copy,
                 struct w2v_error *error)
{
    struct saver *saver = context;
    saver->place = trainer->place;
    saver->trainer = trainer;
    saver->rows = copy;
    atomic_store(&saver->written, false);
    if (!saver->still)
        saver->writing = pthread_create(&saver->thread, NULL, write_on_thread, saver) == 0;
    if (saver->writing)
        return W2V_OK;
    saver->status = write_file(saver, &saver->error);
    return finish_file(saver, error);
}

int saver_finish(struct saver *saver, const struct trainer *trainer, struct w2v_error *error)
{
    int status = W2V_OK;
    if (saver->writing)
        status = finish_file(saver, error);
    if (status != W2V_OK || trainer == NULL || saver->round == trainer->place.round)
        return status;
    saver->place = trainer->place;
    saver->trainer = trainer;
    saver->rows = rows_master(&trainer->rows, 0);
    status = write_file(saver, error);
    if (status == W2V_OK)
        saver->round = saver->place.round;
    return status;
}

void saver_release(struct saver *saver)
{
    if (saver->writing)
        pthread_join(saver->thread, NULL);
    saver->writing = false;
    mem_unmap(&saver->copy);
}
