/* Words without regard to case. See folding.h. */
#include "query/folding.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"

/* Whether folding leaves the word as it is: it is ASCII without capitals. */
static bool is_plain(const char *word, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++)
        if ((unsigned char)word[i] >= 0x80 || (word[i] >= 'A' && word[i] <= 'Z'))
            return false;
    return true;
}

/*
 * Folds a word and updates *n_bytes. Returns the folded word, which is in `room`; or `word` itself
 * if it does not change or if nothing visible would be left of it. NULL: out of memory.
 */
static const char *fold(struct unicode_nfc *room, const char *word, size_t *n_bytes)
{
    static const struct unicode_spelling spelling = {.fold = UNICODE_FOLD_FULL};
    if (is_plain(word, *n_bytes) || utf8_valid_prefix(word, *n_bytes) != *n_bytes)
        return word;
    if (unicode_spell(room, word, *n_bytes, &spelling, NULL) != W2V_OK)
        return NULL;
    if (room->n_bytes == 0)
        return word;
    *n_bytes = room->n_bytes;
    return room->text;
}

/* The slot of a folded word; an empty one if the word is new. SIZE_MAX: out of memory. */
static size_t find_slot(const struct w2v_folding *folding, struct unicode_nfc *room,
                        const char *folded, size_t n_bytes, uint64_t hash)
{
    const size_t mask = folding->n_slots - 1;
    size_t slot = hash & mask;
    for (; folding->slots[slot] != 0; slot = (slot + 1) & mask) {
        const size_t id = folding->slots[slot] - 1;
        size_t n;
        if (folding->hashes[id] != hash)
            continue;
        const char *other = w2v_word(folding->model, id, &n);
        other = fold(room, other, &n);
        if (other == NULL)
            return SIZE_MAX;
        if (n == n_bytes && memcmp(other, folded, n) == 0)
            break;
    }
    return slot;
}

/* Finds, for each word, the first word that is the same. */
static int fill_table(struct w2v_folding *folding, struct w2v_error *error)
{
    struct unicode_nfc rooms[2] = {{0}, {0}};
    int status = W2V_OK;
    for (size_t id = 0; id < folding->model->n_words && status == W2V_OK; id++) {
        size_t n, slot = SIZE_MAX;
        const char *word = w2v_word(folding->model, id, &n);
        word = fold(&rooms[0], word, &n);
        if (word != NULL) {
            folding->hashes[id] = hash_keyed(folding->by, word, n);
            slot = find_slot(folding, &rooms[1], word, n, folding->hashes[id]);
        }
        if (slot == SIZE_MAX) {
            status = error_memory(error, "a word", n);
            break;
        }
        if (folding->slots[slot] == 0)
            folding->slots[slot] = (uint32_t)(id + 1);
        folding->first[id] = folding->slots[slot] - 1;
    }
    unicode_nfc_release(&rooms[0]);
    unicode_nfc_release(&rooms[1]);
    return status;
}

int w2v_folding_open(struct w2v_folding **folding, const struct w2v_model *model,
                     struct w2v_error *error)
{
    static const char what[] = "words without their case";
    struct w2v_folding *f = mem_calloc(1, sizeof *f, what, error);
    if (f == NULL)
        return W2V_ENOMEM;
    f->model = model;
    f->by = hash_key();
    f->n_slots = 2;
    while (f->n_slots / 2 < model->n_words)
        f->n_slots *= 2;
    f->first = mem_calloc(model->n_words, sizeof *f->first, what, error);
    f->hashes = mem_calloc(model->n_words, sizeof *f->hashes, what, error);
    f->slots = mem_calloc(f->n_slots, sizeof *f->slots, what, error);
    int status = f->first != NULL && f->hashes != NULL && f->slots != NULL ? fill_table(f, error)
                                                                           : W2V_ENOMEM;
    if (status == W2V_OK)
        *folding = f;
    else
        w2v_folding_close(f);
    return status;
}

void w2v_folding_close(struct w2v_folding *folding)
{
    if (folding == NULL)
        return;
    free(folding->first);
    free(folding->hashes);
    free(folding->slots);
    free(folding);
}

int w2v_folding_find(const struct w2v_folding *folding, const char *word, size_t n_bytes,
                     int64_t *id, struct w2v_error *error)
{
    struct unicode_nfc rooms[2] = {{0}, {0}};
    const char *folded = fold(&rooms[0], word, &n_bytes);
    size_t slot = SIZE_MAX;
    if (folded != NULL)
        slot = find_slot(folding, &rooms[1], folded, n_bytes,
                         hash_keyed(folding->by, folded, n_bytes));
    *id = slot == SIZE_MAX ? -1 : (int64_t)folding->slots[slot] - 1;
    unicode_nfc_release(&rooms[0]);
    unicode_nfc_release(&rooms[1]);
    return slot == SIZE_MAX ? error_memory(error, "a word", n_bytes) : W2V_OK;
}

size_t w2v_folding_first(const struct w2v_folding *folding, size_t id)
{
    return folding->first[id];
}
