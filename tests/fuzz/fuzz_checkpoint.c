/*
 * Fuzz target: any bytes as a checkpoint. The first byte says whether the two digests are put right
 * first, without which little would get past them. What opens must be whole: its numbers finite,
 * its words in order within their bytes, its text a record or refused; and it can be opened again.
 */
#include <math.h>
#include <unistd.h>

#include "api/resume.h"
#include "fuzz/fuzz.h"

static uint64_t digest_of(const uint8_t *bytes, size_t n)
{
    uint64_t digest = 0;
    for (size_t at = 0; at < n; at += CHECKPOINT_BLOCK)
        digest = checkpoint_digest(digest, bytes + at,
                                   n - at < CHECKPOINT_BLOCK ? n - at : CHECKPOINT_BLOCK);
    return digest;
}

/* Puts the file's size and digests right, where its header leaves room for them. */
static void mend(uint8_t *bytes, size_t n)
{
    uint64_t h[12], digest, size = n;
    if (n < CHECKPOINT_HEADER + 16)
        return;
    memcpy(bytes + 16, &size, 8);
    memcpy(h, bytes, sizeof h);
    const uint64_t n_rows = h[11], dim = h[4];
    if (n_rows > n || dim > n || n_rows * dim > n / 4)
        return;
    const size_t rows = (size_t)(n_rows * dim * 4) + 8;
    if (rows + CHECKPOINT_HEADER + 8 > n)
        return;
    digest = digest_of(bytes, n - rows - 8);
    memcpy(bytes + n - rows - 8, &digest, 8);
    digest = digest_of(bytes + n - rows, rows - 8);
    memcpy(bytes + n - 8, &digest, 8);
}

static void check(const struct w2v_checkpoint *c)
{
    const struct checkpoint *file = &c->file;
    struct wordtable table = {0};
    struct w2v_error error;
    size_t n_paths;
    REQUIRE(file->n_words > 0 && file->dim > 0 && file->rounds > 0);
    REQUIRE(file->n_losses == file->place.round / file->rounds);
    for (size_t i = 0; i < file->n_losses; i++)
        REQUIRE(isfinite(file->loss[i]));
    for (size_t id = 0; id < file->n_words; id++)
        REQUIRE(file->vocab.offset[id] < file->vocab.offset[id + 1] && file->frozen[id] <= 1);
    REQUIRE(w2v_checkpoint_paths(c, &n_paths) != NULL && n_paths > 0);
    REQUIRE(w2v_checkpoint_output(c) != NULL);
    REQUIRE(w2v_checkpoint_options(c)->resume == c);
    int status = resume_vocab(c, &table, &error);
    REQUIRE(status == W2V_OK || status == W2V_EFORMAT);
    wordtable_release(&table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    static char path[64];
    static int file = -1;
    struct w2v_checkpoint *c;
    struct w2v_error error = {0};
    if (n_bytes < 1)
        return 0;
    if (file < 0) {
        snprintf(path, sizeof path, "/tmp/w2v-fuzz.XXXXXX");
        file = mkstemp(path);
        REQUIRE(file >= 0);
        unlink(path);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
        if (access(path, R_OK) != 0)
            snprintf(path, sizeof path, "/dev/fd/%d", file);
    }
    const size_t n = n_bytes - 1;
    uint8_t *bytes = malloc(n + 1);
    REQUIRE(bytes != NULL);
    memcpy(bytes, data + 1, n);
    if (data[0] & 1)
        mend(bytes, n);
    REQUIRE(ftruncate(file, 0) == 0 && pwrite(file, bytes, n, 0) == (ssize_t)n);
    int status = w2v_checkpoint_open(&c, path, &error);
    if (status == W2V_OK) {
        check(c);
        w2v_checkpoint_close(c);
    } else {
        REQUIRE(status == W2V_EFORMAT && error.message[0] != '\0');
    }
    free(bytes);
    return 0;
}
